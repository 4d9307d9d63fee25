"""What IndieValueCatalog costs on 93,279 simulated people.

    python perf/indie_value_cost.py [--people 93279] [--rounds 3] [--data sample]

Each part runs in a process of its own, so that its peak memory is its own:

- `survey`: reading the CSV file, written before in the survey's columns among 300 others;
- `resemble`: 800 people compared on 214 questions, three probe sets, 1 to 35 neighbours;
- `rival`: the same by a one-hot float32 matrix product, a sort, and a loop for the votes;
- `prompts`: the prompts of 2,400 samples with 200 statements each.

`resemble` and `rival` run one after the other in each round, and their answers are compared.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import unittest.mock
from collections import Counter
from pathlib import Path

import numpy as np

PARTS = ("survey", "resemble", "rival", "prompts")
PROBES = (1, 2, 3)
NEIGHBOURS = 35


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=93_279)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--data", default="sample", help="which catalog: sample or official")
    parser.add_argument("--part", choices=PARTS, help="run one part in this process")
    parser.add_argument("--folder", type=Path, help="where the parts meet")
    arguments = parser.parse_args()
    if arguments.part:
        print(json.dumps(run(arguments.part, arguments)))
        return
    with tempfile.TemporaryDirectory() as folder:
        write_survey(arguments.people, arguments.data, Path(folder))
        measured: dict[str, list[dict[str, float]]] = {part: [] for part in PARTS}
        for _ in range(arguments.rounds):
            for part in PARTS:
                command = [sys.executable, __file__, "--part", part, "--folder", folder,
                           "--people", str(arguments.people), "--data", arguments.data]  # fmt: skip
                done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
                measured[part].append(json.loads(done.stdout.splitlines()[-1]))
            same_votes(Path(folder))
        report(measured)


def run(part: str, arguments: argparse.Namespace) -> dict[str, float]:
    """Wall seconds of one part and peak memory of its process in MiB."""
    if part == "survey":
        seconds = read_survey(arguments)
    elif part == "prompts":
        seconds = build_prompts(arguments)
    else:
        seconds = vote(part, arguments)
    return {"seconds": seconds, "mebibytes": peak_memory()}


def peak_memory() -> float:
    """Peak of this process alone; `ru_maxrss` would count what its parent held at the fork."""
    status = Path("/proc/self/status")
    if status.exists():
        (line,) = [line for line in status.read_text().splitlines() if line.startswith("VmHWM")]
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def write_survey(people: int, data: str, folder: Path) -> None:
    """Simulated people as the survey's CSV file, and as arrays for the other parts."""
    import pandas as pd

    from ratings.instruments.indie_value import load_catalog
    from ratings.survey.generator import generate_columns

    columns, _ = generate_columns(load_catalog(data), people, seed=0)
    others = np.random.default_rng(0).integers(-5, 10, size=(people, 300), dtype=np.int32)
    frame = pd.concat(
        [pd.DataFrame(columns), pd.DataFrame(others).add_prefix("OTHER_")], axis="columns"
    )
    frame.insert(0, "version", "6-0-0")
    frame.to_csv(folder / "survey.csv", index=False)


def read_survey(arguments: argparse.Namespace) -> float:
    """Seconds to read the CSV file and make the table of polar statements."""
    from ratings.instruments.indie_value import load_catalog
    from ratings.survey import world_values_survey as loader

    load_catalog(arguments.data)
    path = str(arguments.folder / "survey.csv")
    # The people are simulated: there are no terms to accept, and none may be accepted by a script.
    with unittest.mock.patch.object(loader, "check_terms"):
        start = time.perf_counter()
        table = loader.load_world_values_survey(path, arguments.data).table("polar")
    seconds = time.perf_counter() - start
    assert table.positions().shape == (arguments.people, 253)
    np.save(arguments.folder / "positions.npy", table.positions())
    return seconds


def material_of(arguments: argparse.Namespace):
    """The held-out people, as the task has them."""
    from benchmarks.indie_value._setup import Material, Setup
    from ratings.instruments.indie_value import load_catalog
    from ratings.survey.evaluation_sample import evaluation_sample
    from ratings.survey.generator import generate_survey

    survey, _ = generate_survey(load_catalog(arguments.data), arguments.people, seed=0)
    setup = Setup(arguments.data, None, 0, 200, "polar", "polar", "none")
    return Material(setup, survey, evaluation_sample(survey))


def vote(part: str, arguments: argparse.Namespace) -> float:
    """Seconds to predict 800 people's three probe sets with 1 to 35 neighbours."""
    material = inputs(arguments)
    start = time.perf_counter()
    found = VOTING[part](material)
    seconds = time.perf_counter() - start
    np.save(arguments.folder / f"{part}.npy", np.stack(found))
    return seconds


def inputs(arguments: argparse.Namespace) -> dict[int, tuple]:
    """What is known of whom, for each probe set; kept on disk, so that no part pays for it."""
    path = arguments.folder / "inputs.npz"
    if not path.exists():
        command = [sys.executable, "-c", WRITE_INPUTS, __file__, str(arguments.people),
                   arguments.data, str(arguments.folder)]  # fmt: skip
        subprocess.run(command, check=True)
    kept = np.load(path)
    training, counts = kept["training"], kept["counts"]
    return {
        probe: (kept[f"known{probe}"], training, counts, kept[f"columns{probe}"])
        for probe in PROBES
    }


WRITE_INPUTS = """
import argparse, importlib.util, sys
from pathlib import Path
import numpy as np
spec = importlib.util.spec_from_file_location("cost", sys.argv[1])
cost = importlib.util.module_from_spec(spec)
spec.loader.exec_module(cost)
material = cost.material_of(argparse.Namespace(people=int(sys.argv[2]), data=sys.argv[3]))
people = material.sample
parts = {"training": material.known[people.training],
         "counts": material.catalog.choice_counts("polar")}
for probe in cost.PROBES:
    known, columns = material.known[people.held_out], material.columns(probe)
    known[:, columns] = 0
    parts[f"known{probe}"], parts[f"columns{probe}"] = known, columns
np.savez(Path(sys.argv[4]) / "inputs.npz", **parts)
"""


def by_bits(inputs):
    """As the package does it: the training people are packed once."""
    from ratings.survey.nearest_neighbours import (
        majority,
        nearest_people,
        neighbour_votes,
        pack_statements,
    )

    packed, out = None, []
    for known, training, counts, columns in inputs.values():
        packed = pack_statements(training, counts) if packed is None else packed
        neighbours = nearest_people(known.astype(np.int8), packed, counts, NEIGHBOURS)
        answers = training[:, columns]
        votes = neighbour_votes(neighbours, answers, majority(answers), range(1, NEIGHBOURS + 1))
        out.append(votes)
    return out


def by_product(inputs):
    """The straightforward way: one-hot, product, sort, and a loop over people and questions."""
    one_hot, out = None, []
    for known, training, counts, columns in inputs.values():
        labels = np.concatenate([np.arange(1, count + 1) for count in counts])
        if one_hot is None:
            one_hot = (np.repeat(training, counts, axis=1) == labels).astype(np.float32)
        mine = (np.repeat(known, counts, axis=1) == labels).astype(np.float32)
        out.append(vote_by_loop(mine @ one_hot.T, training[:, columns]))
    return out


def vote_by_loop(shared, answers):
    """The majority of the nearest 1 to 35 people, person by person and question by question."""
    from ratings.survey.nearest_neighbours import majority

    fallback = majority(answers)
    out = np.empty((NEIGHBOURS, len(shared), answers.shape[1]), dtype=np.int8)
    for person, row in enumerate(shared):
        nearest = np.argsort(-row, kind="stable")[:NEIGHBOURS]
        for question, votes in enumerate(answers[nearest].T.tolist()):
            seen: Counter[int] = Counter()
            for index, choice in enumerate(votes):
                if choice:
                    seen[choice] += 1
                # `most_common` keeps equals in the order in which they were first seen.
                winner = seen.most_common(1)[0][0] if seen else fallback[question]
                out[index, person, question] = winner
    return out


VOTING = {"resemble": by_bits, "rival": by_product}


def same_votes(folder: Path) -> None:
    """Both ways must predict the same."""
    one, other = (np.load(folder / f"{part}.npy") for part in VOTING)
    assert (one == other).all(), f"{(one != other).sum()} of {one.size} predictions differ"


def build_prompts(arguments: argparse.Namespace) -> float:
    """Seconds to build the prompts of 800 people and three probe sets."""
    from benchmarks.indie_value._prompt import prompt_template, render_prompt
    from ratings.instruments.indie_value import PROBES as SETS

    material = material_of(arguments)
    template = prompt_template()
    start = time.perf_counter()
    length = 0
    for probe in PROBES:
        for position in range(len(material.sample.held_out)):
            known = material.known_statements(position, material.questions_shown(position, probe))
            length += len(render_prompt(template, known, material.groups(SETS[probe])))
    seconds = time.perf_counter() - start
    print(f"{length / 2400:.0f} characters a prompt", file=sys.stderr)
    return seconds


def report(measured: dict[str, list[dict[str, float]]]) -> None:
    """Print each run, and how many times faster the package is than the rival."""
    for part, runs in measured.items():
        seconds = ", ".join(f"{one['seconds']:.2f}" for one in runs)
        memory = ", ".join(f"{one['mebibytes']:.0f}" for one in runs)
        print(f"{part}: wall {seconds} s; peak memory {memory} MiB")
    ratios = [
        rival["seconds"] / mine["seconds"]
        for rival, mine in zip(measured["rival"], measured["resemble"], strict=True)
    ]
    print(
        f"rival / resemble: median {statistics.median(ratios):.1f} "
        f"(from {min(ratios):.1f} to {max(ratios):.1f})"
    )


if __name__ == "__main__":
    main()
