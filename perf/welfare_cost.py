"""What PRISM's welfare analysis costs at its size: 1,500 made people, two countries.

    python perf/welfare_cost.py [--people 1500] [--draws 1000]

Timed are 1,000 draws of all seven schemes, judged by both welfares for eight populations; then the
parts of `valuegauge study welfare` that take longest: schemes compared by resampled people, the
curve of how many people are enough, and imputation. The figures are of a process of its own.
"""

import argparse
import resource
import subprocess
import sys
import time
from pathlib import Path

from evals.studies.welfare.gains import compared_schemes
from evals.studies.welfare.population import Population
from evals.studies.welfare.settings import MEASURES, POPULATIONS, WelfareSettings
from ratings.prism.prism import load_prism
from scorers.welfare.enough import people_enough
from scorers.welfare.imputation import imputed
from scorers.welfare.outcomes import outcomes
from scorers.welfare.plan import load_plan


def measure(people: int, draws: int) -> None:
    """Run each part, and print what it took."""
    began = time.perf_counter()
    prism, plan = load_prism("sample", people=people), load_plan()
    print(f"{people} people made{time.perf_counter() - began:40.2f} s", flush=True)
    start = time.perf_counter()
    populations = [Population.of(prism, name, plan) for name in POPULATIONS]
    judged = 0
    for one in populations:
        for kind, rule in MEASURES.items():
            worth = one.matrices[kind].worth
            drawn = outcomes(worth, one.masks, one.schemes, one.stakeholders, rule, draws=draws)
            judged += drawn.size
    took = time.perf_counter() - start
    print(
        f"{draws} draws of {len(plan.schemes)} schemes, both welfares, "
        f"{len(POPULATIONS) * len(plan.stakeholders)} populations: {took:.2f} s, "
        f"{judged} outcomes",
        flush=True,
    )
    settings = WelfareSettings()
    for one in populations:
        for kind, rule in MEASURES.items():
            label = f"{one.name} {kind} ({one.people} people)"
            at = time.perf_counter()
            compared_schemes(one, kind, settings)
            tested = time.perf_counter()
            people_enough(
                one.matrices[kind].worth,
                one.masks,
                one.pools(),
                one.stakeholders,
                rule,
                settings.margin_of(kind),
            )
            curve = time.perf_counter()
            imputed(one.matrices[kind])
            print(
                f"{label:<24} {settings.replicates} replicates of all schemes {tested - at:6.1f} s"
                f"   curve {curve - tested:5.1f} s"
                f"   imputation {time.perf_counter() - curve:5.1f} s",
                flush=True,
            )
    print(f"in all {time.perf_counter() - began:.1f} s")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=1_500)
    parser.add_argument("--draws", type=int, default=1_000)
    parser.add_argument("--here", action="store_true", help="in this process")
    arguments = parser.parse_args()
    if arguments.here:
        measure(arguments.people, arguments.draws)
        return
    again = ["--people", str(arguments.people), "--draws", str(arguments.draws), "--here"]
    subprocess.run([sys.executable, str(Path(__file__)), *again], check=True)
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{memory:.0f} MiB at most")


if __name__ == "__main__":
    main()
