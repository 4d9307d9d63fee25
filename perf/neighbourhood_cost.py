"""What local neighbourhoods cost at the size of PRISM: its opening prompts, and all its replies.

    python perf/neighbourhood_cost.py [--texts 8011 68371] [--numbers 768]

Made-up embeddings: a third as many directions as texts, copies of them and others around them, so
that some texts have neighbours at each of the paper's three thresholds. Each size runs in a process
of its own; its memory is with the embeddings. Targets: 8,011 prompts under 20 s and 1 GB, 68,371
replies under 180 s and 2 GB.
"""

import argparse
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from scorers.neighbourhoods.single_link import PAPER_THRESHOLDS, single_link

SIZES = (8_011, 68_371)
SPREADS = (0.0, 0.2, 0.4, 0.6, 1.0)


def make(texts: int, numbers: int) -> np.ndarray:
    """Embeddings, texts x numbers, in single precision as sentence-transformers give them."""
    rng = np.random.default_rng(0)
    directions = rng.standard_normal((texts // 3 + 1, numbers), dtype=np.float32)
    found = directions[rng.integers(len(directions), size=texts)]
    spread = rng.choice(SPREADS, size=(texts, 1)).astype(np.float32)
    return found + spread * rng.standard_normal((texts, numbers), dtype=np.float32)


def measure(texts: int, numbers: int) -> None:
    """Cluster and print what it took."""
    embeddings = make(texts, numbers)
    began, worked = time.perf_counter(), time.process_time()
    labels = single_link(embeddings, PAPER_THRESHOLDS)
    passed, work = time.perf_counter() - began, time.process_time() - worked
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    clusters = " ".join(f"{row.max() + 1:>6}" for row in labels)
    print(
        f"{texts:>6} x {numbers}: {passed:6.1f} s ({work:.1f} s of processors)  "
        f"{memory:5.0f} MiB at most  clusters at {PAPER_THRESHOLDS}: {clusters}",
        flush=True,
    )


def main() -> None:
    """Print a line for each size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--texts", type=int, nargs="+", default=SIZES)
    parser.add_argument("--numbers", type=int, default=768)
    parser.add_argument("--here", action="store_true", help="in this process")
    arguments = parser.parse_args()
    for texts in arguments.texts:
        if arguments.here:
            measure(texts, arguments.numbers)
            continue
        again = ["--texts", str(texts), "--numbers", str(arguments.numbers), "--here"]
        subprocess.run([sys.executable, str(Path(__file__)), *again], check=True)


if __name__ == "__main__":
    main()
