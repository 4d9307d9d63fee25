"""What one fit of the default predictive family costs at the size of OpinionQA.

    python perf/family_cost.py [--raters 10000] [--told demographics+examples:max]

Ten thousand made-up raters with twelve demographic columns answer 77 questions of 2 to 6 choices,
731,000 ratings in all. One split is drawn, the family fitted on half of the raters, given what is
named, and every rating held out of the other half is scored. Nothing given is fitted first, as a
study does. The figures are of a process of its own, making the raters included in its memory.
"""

import argparse
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from decoders.families import family_named
from decoders.fit_split import fit_split
from ratings.data_sets.data_set import DataSet
from ratings.prepared import PreparedSplit
from ratings.representations.names import parse_representations
from ratings.table import RatingTable
from scorers.information.v_information import log_losses

INSTANCES, COLUMNS, TRAITS = 77, 12, 4
ANSWERED = 731_000 / (10_000 * INSTANCES)
WORDS = ("trade", "schools", "police", "health", "work", "taxes", "news", "faith", "energy", "food")


def make(raters: int, seed: int = 0) -> DataSet:
    """Raters whose demographics and answers both follow a few traits."""
    rng = np.random.default_rng(seed)
    traits = rng.normal(size=(raters, TRAITS))
    counts = rng.integers(2, 7, size=INSTANCES)
    positions = np.zeros((raters, INSTANCES), dtype=np.int8)
    for i, count in enumerate(counts):
        pull = traits @ rng.normal(0, 0.6, size=TRAITS)
        logits = rng.normal(0, 0.7, size=count) + pull[:, None] * np.linspace(-1, 1, count)
        drawn = (logits + rng.gumbel(size=logits.shape)).argmax(axis=1) + 1
        positions[:, i] = np.where(rng.random(raters) < ANSWERED, drawn, 0)
    people = {}
    for number in range(COLUMNS):
        leaning = traits[:, number % TRAITS] + rng.normal(size=raters)
        labels = pd.qcut(leaning, 2 + number % 6, labels=False)
        people[f"column {number + 1}"] = np.char.add("label ", labels.astype(str))
    texts = [" ".join(rng.choice(WORDS, 4)) + f", question {i + 1}" for i in range(INSTANCES)]
    table = RatingTable.from_positions(
        positions,
        raters=pd.DataFrame(people, index=[f"r{number}" for number in range(raters)]),
        instances=pd.DataFrame({"text": texts}),
        choices=[[f"choice {k + 1}" for k in range(count)] for count in counts],
    )
    return DataSet("made", table, "Answer.", ordered=True, demographics=tuple(people))


def measure(raters: int, told: str) -> None:
    """Fit and score, and print what each step took."""
    data, family = make(raters), family_named("default")
    print(f"{raters} raters, {len(data.table)} ratings", flush=True)
    for representation in parse_representations(f"none,{told}"):
        before, busy = time.perf_counter(), time.process_time()
        found = fit_split(PreparedSplit.of(data, 0), family, representation)
        fitted, busy = time.perf_counter(), time.process_time() - busy
        targets = found.test_targets()
        shares = found.predict(targets.raters, targets.instances)
        loss = log_losses(shares, targets.ratings).mean()
        scored = time.perf_counter()
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{representation.name:<28} fit {fitted - before:6.1f} s (processor "
            f"{busy:6.1f} s)   score {len(targets)} ratings {scored - fitted:5.1f} s   "
            f"loss {loss:.4f}   {memory:6.0f} MiB at most",
            flush=True,
        )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--raters", type=int, default=10_000)
    parser.add_argument("--told", default="demographics+examples:max")
    parser.add_argument("--here", action="store_true", help="in this process")
    arguments = parser.parse_args()
    if arguments.here:
        measure(arguments.raters, arguments.told)
        return
    again = [str(Path(__file__)), "--raters", str(arguments.raters), "--told", arguments.told]
    before = time.perf_counter()
    subprocess.run([sys.executable, *again, "--here"], check=True)
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"in all {time.perf_counter() - before:.1f} s, {memory:.0f} MiB at most")


if __name__ == "__main__":
    main()
