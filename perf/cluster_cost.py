"""What clustering raters costs at the size of Hatespeech-Kumar, once the decoder's table is there.

    python perf/cluster_cost.py [--raters 4500] [--instances 31000] [--ratings 200000]

Made-up raters of a few kinds rate instances drawn at random, with five choices. The table of
log-probabilities of every choice given each of a hundred profiles is made at random, one row of
which fits each kind. What is timed is the rest: losses of the fit ratings given each profile, the
search for clusters among the training raters, and putting every rater into one. The figures are of
a process of its own, its memory with the table.
"""

import argparse
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from decoders.cluster_raters import CANDIDATES, RaterClusters, fit_losses
from ratings.data_sets.data_set import DataSet
from ratings.prepared import PreparedSplit
from ratings.representations.rater_context import no_context
from ratings.table import RatingTable
from scorers.information.profile_clusters import cluster_profiles

CHOICES, KINDS, CLUSTERS = 5, 4, (2, 10)


def make(raters: int, instances: int, ratings: int) -> tuple[DataSet, np.ndarray, np.ndarray]:
    """The data set, the table of log-probabilities I x V x K, and each rater's kind."""
    rng = np.random.default_rng(0)
    table = rng.gamma(0.5, size=(instances, CANDIDATES, CHOICES)).astype(np.float32) + 1e-3
    table /= table.sum(axis=2, keepdims=True)
    each = ratings // raters
    rater = np.repeat(np.arange(raters), each)
    instance = (rng.integers(instances, size=raters)[:, None] + np.arange(each)) % instances
    kind = rng.integers(KINDS, size=raters)
    own = table[instance.ravel(), kind[rater]].cumsum(axis=1)
    drawn = 1 + (rng.random((len(rater), 1)) > own).sum(axis=1).clip(max=CHOICES - 1)
    people, asked = [f"r{n}" for n in range(raters)], [f"q{n}" for n in range(instances)]
    frame = pd.DataFrame(
        {
            "rater": np.array(people)[rater],
            "instance": np.array(asked)[instance.ravel()],
            "rating": drawn,
        }
    )
    ratings_of = RatingTable(
        frame,
        raters=pd.DataFrame(index=people),
        instances=pd.DataFrame({"text": asked}, index=asked),
        choices=[f"choice {k}" for k in range(CHOICES)],
    )
    return DataSet("made", ratings_of, "Choose.", ordered=True), np.log(table), kind


def measure(raters: int, instances: int, ratings: int) -> None:
    """Cluster and assign, and print what each step took."""
    data, table, kind = make(raters, instances, ratings)
    prepared = PreparedSplit.of(data, 0)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{len(data.table)} ratings; the table and the data {memory:.0f} MiB", flush=True)
    before = time.perf_counter()
    losses = fit_losses(table, prepared)[prepared.split.train]
    print(f"{'losses of the fit ratings':<28} {time.perf_counter() - before:6.1f} s", flush=True)
    names = [f"p{number}" for number in range(CANDIDATES)]
    for clusters in CLUSTERS:
        began = time.perf_counter()
        found = cluster_profiles(losses, clusters, seed=0)
        searched = time.perf_counter()
        made = RaterClusters(np.arange(CANDIDATES), no_context(names), table, found)
        cluster = made.of(prepared)
        assigned = time.perf_counter()
        right = (np.array(found.chosen)[cluster] == kind).mean()
        print(
            f"{clusters:>2} clusters: search {searched - began:6.1f} s   assign all raters "
            f"{assigned - searched:6.1f} s   put to their own kind {right:.2f}",
            flush=True,
        )
    print(f"in all {time.perf_counter() - before:.1f} s")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--raters", type=int, default=4_500)
    parser.add_argument("--instances", type=int, default=31_000)
    parser.add_argument("--ratings", type=int, default=200_000)
    parser.add_argument("--here", action="store_true", help="in this process")
    arguments = parser.parse_args()
    sizes = (arguments.raters, arguments.instances, arguments.ratings)
    if arguments.here:
        measure(*sizes)
        return
    names = ("--raters", "--instances", "--ratings")
    again = [text for pair in zip(names, map(str, sizes), strict=True) for text in pair]
    subprocess.run([sys.executable, str(Path(__file__)), *again, "--here"], check=True)
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{memory:.0f} MiB at most")


if __name__ == "__main__":
    main()
