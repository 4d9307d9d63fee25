"""What PRISM's size costs: every study, and the task's prompts.

    python perf/prism_cost.py [--people 1500] [--part data|prompts|...]

All on generated people, of whom 1,500 have about as many conversations and replies as PRISM:

- `data`: generating the tables;
- `preferences`, `topics`, `welfare`, `participants`: `valuegauge study` of that name with its
  default settings, tables and pictures;
- `prompts`: the prompts of all turns of the test participants, everything known of them.

Each part runs in a process of its own and is measured from its start, data included.
"""

import argparse
import subprocess
import sys
import tempfile
import time
import unittest.mock
from collections.abc import Callable
from pathlib import Path

EVERYTHING = "demographics+stated+description+ratings"


def data(people: int) -> str:
    """Generate the tables."""
    from ratings.prism.prism import load_prism

    made = load_prism("sample", people=people)
    return f"{len(made.conversations)} conversations, {len(made.utterances)} replies"


def study(name: str) -> Callable[[int], str]:
    """The part that runs a study through the command line."""

    def run(people: int) -> str:
        from evals.cli.main import valuegauge

        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / name
            asked = ["study", name, "--data", "sample", "--people", str(people)]
            valuegauge.main([*asked, "--out", str(out), "--json"], standalone_mode=False)
            return f"{len(list(out.iterdir()))} files"

    return run


def prompts(people: int) -> str:
    """Build every prompt of the task."""
    from benchmarks.prism._material import Setup, load_material
    from benchmarks.prism._prompt import prompt_templates
    from ratings.prism.prism import load_prism

    made = load_prism("sample", people=people)
    with unittest.mock.patch("benchmarks.prism._material.load_prism", return_value=made):
        material = load_material.__wrapped__(Setup("sample", EVERYTHING, "all", "all", 0))
    templates = prompt_templates(None)
    samples = material.samples(None, None)
    built = [material.prompts(templates, material.by_id[str(one.id)]) for one in samples]
    return f"{len(built)} prompts"


PARTS: dict[str, Callable[[int], str]] = {
    "data": data,
    **{name: study(name) for name in ("preferences", "topics", "welfare", "participants")},
    "prompts": prompts,
}


def main() -> None:
    """Run a part, or each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=1_500)
    parser.add_argument("--part", choices=PARTS, help="run one part in this process")
    arguments = parser.parse_args()
    if arguments.part:
        print(PARTS[arguments.part](arguments.people), file=sys.stderr)
        return
    for part in PARTS:
        started = time.perf_counter()
        command = [sys.executable, __file__, "--part", part, "--people", str(arguments.people)]
        done = subprocess.run(
            command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        what = done.stderr.strip().splitlines()[-1]
        print(f"{part:<14}{time.perf_counter() - started:7.1f} s  {what}", flush=True)


if __name__ == "__main__":
    main()
