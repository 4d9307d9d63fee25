"""What the leaderboard costs: collecting runs, adding one, building the site.

    python perf/leaderboard_cost.py [--runs 80] [--models 500] [--folder FOLDER]

One run of Value Portrait (520 items in six variants, 3,120 answers) by a simulated respondent is
copied with other answers into as many logs as asked for. The rival of collecting is Inspect's own
`samples_df` over the same logs, which reads the samples and keeps no scores. Every figure is of a
process of its own, start-up included. The store of many models is made from that of the logs: each
run again under other names, two thirds of its ratings moved by a point and one in 2,000 refused.
Needs the official items: set VALUEGAUGE_DATA or be online.
"""

import argparse
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
from inspect_ai import eval as inspect_eval
from inspect_ai.log import read_eval_log, write_eval_log

from benchmarks.value_portrait.task import value_portrait
from leaderboard.store.schema import OF_A_RUN
from ratings.instruments.value_portrait import VARIANTS


def generate(folder: Path, runs: int) -> list[Path]:
    """Logs of as many models that answer differently; those that are there are kept."""
    paths = [folder / f"run-{number:03}.eval" for number in range(runs)]
    if all(path.exists() for path in paths):
        return paths
    (log,) = inspect_eval(value_portrait(), model="respondent/power", log_dir=str(folder / "one"),
                          display="none")  # fmt: skip
    found = read_eval_log(log.location)
    for number, path in enumerate(paths):
        rng = random.Random(number)
        found.eval.task_id, found.eval.model = f"made-{number}", f"made/model-{number:03}"
        for sample in found.samples or []:
            own = rng.gauss(3.5, 1.2)
            for score in (sample.scores or {}).values():
                assert isinstance(score.value, dict)
                for name in VARIANTS:
                    score.value[name] = float(min(6, max(1, round(own + rng.gauss(0, 0.5)))))
        write_eval_log(found, str(path))
    return paths


def multiplied(store: Path, larger: Path, models: int) -> None:
    """A store of so many models, made from the runs of another."""
    shutil.copy(store, larger)
    connection = duckdb.connect(str(larger))
    runs = [run for (run,) in connection.execute("SELECT run FROM runs ORDER BY run").fetchall()]
    drawn = "hash(run || sample || part || '{0}')"
    refused = f"{drawn} % 2000 = 0"
    changed = {
        "run": "run || '-{0}'",
        "rater": "rater || '-{0}'",
        "model": "model || '-{0}'",
        "log_sha256": "log_sha256 || '-{0}'",
        "rating": f"CASE WHEN {refused} THEN NULL "
        f"ELSE least(6, greatest(1, rating + ({drawn} % 3)::INT - 1)) END",
        "status": f"CASE WHEN {refused} THEN 'refusal' ELSE status END",
    }
    for table in ("runs", *OF_A_RUN, "logs"):
        described = connection.execute(f"PRAGMA table_info('{table}')").fetchall()
        columns = [
            changed.get(name, f'"{name}"')
            if name not in ("rating", "status") or table == "answers"
            else f'"{name}"'
            for _, name, *_ in described
        ]
        for copy in range(1, -(-models // len(runs))):
            mine = runs[: models - copy * len(runs)]
            made = ", ".join(columns).format(copy)
            connection.execute(
                f"INSERT INTO {table} SELECT {made} FROM {table} WHERE run IN (SELECT unnest(?))",
                [mine],
            )
    connection.close()


def measured(label: str, *command: str) -> float:
    """Run a command, print its seconds and its greatest memory, return the seconds."""
    before = time.perf_counter()
    subprocess.run([sys.executable, *command], check=True, stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - before
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{label:<44} {seconds:7.1f} s   {memory:6.0f} MiB at most so far", flush=True)
    return seconds


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=80)
    parser.add_argument("--models", type=int, default=500)
    parser.add_argument("--folder", type=Path, default=None, help="kept, to be used again")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = arguments.folder or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        os.environ["XDG_CACHE_HOME"] = str(Path(made) / "cache")  # no board is kept there yet
        logs = generate(folder, arguments.runs)
        store, site = Path(made) / "board.duckdb", Path(made) / "site"
        collect = ("-m", "evals.cli.main", "leaderboard", "collect")
        first = [str(path) for path in logs[:-1]]
        ours = measured(f"collect {len(first)} runs", *collect, *first, "--store", str(store))
        measured("add one more run", *collect, str(logs[-1]), "--store", str(store))
        measured("read the same logs again", *collect, *first, "--store", str(store))
        build = ("-m", "evals.cli.main", "leaderboard", "build", "--store", str(store))
        first_build = measured(f"build {len(logs)} rows", *build, "--out", str(site))
        export = ("-m", "evals.cli.main", "export", "--store", str(store), "--format", "csv")
        again = measured("export them after the build", *export, "--out", str(site / "s.csv"))
        print(f"export / build: {again / first_build:.2f}")
        larger = Path(made) / "larger.duckdb"
        multiplied(store, larger, arguments.models)
        of_larger = ("-m", "evals.cli.main", "leaderboard", "build", "--store", str(larger))
        large = measured(
            f"build {arguments.models} models", *of_larger, "--out", str(Path(made) / "large")
        )
        print(f"build {arguments.models} / {len(logs)}: {large / first_build:.1f}")
        rival = f"from inspect_ai.analysis import samples_df; samples_df({first!r}, quiet=True)"
        theirs = measured("Inspect's samples_df over the same logs", "-c", rival)
        print(f"collect / samples_df: {ours / theirs:.2f}")


if __name__ == "__main__":
    main()
