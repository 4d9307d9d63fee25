"""What reading answers costs: processor milliseconds for an answer of 100 kB, by reader.

    python perf/reading_cost.py

Each reader reads ordinary prose, an answer in the form asked for with prose around it, and the loop
of its own words that costs it most. The rival is one search for a word in the same text, the least
that any reader does; the aim is under 50 ms for every text.
"""

import re
import time
from collections.abc import Callable

from scorers.answers.phrases.likert import read_answer
from scorers.answers.phrases.named_profile import read_profile_number
from scorers.answers.statement_choice import read_choices
from scorers.answers.verbalized_probabilities import stated_distribution

SIZE = 100_000
PROSE = "The reply is kind, and people like me often say so. It takes its time, though not much. "
GROUPS = {f"NSG{number}": 4 for number in range(1, 40)}
CHOICES = ", ".join(f'"{label}": {{"choice": "{label}_s2"}}' for label in GROUPS)
READERS: dict[str, tuple[Callable[[str], object], str, tuple[str, ...]]] = {
    "six-point scale": (read_answer, "Like me.", ("like me ", "not like me, ", "no wait: ", "<b>")),
    "statements": (
        lambda text: read_choices(text, GROUPS),
        "{" + CHOICES + "}",
        ("{", '{"NSG1": ', '"NSG1": {"choice": "NSG1_s1"}, ', "NSG1_s1 "),
    ),
    "stated shares": (
        lambda text: stated_distribution(text, 4),
        '{"A": 10, "B": 20, "C": 30, "D": 40}',
        ("{", '{"A": ', "final: ", '{"A": 1}'),
    ),
    "which profile": (
        lambda text: read_profile_number(text, "stop"),
        "Profile 2",
        ("profile 1 ", "not ", "answer: ", "**"),
    ),
}


def milliseconds(read: Callable[[str], object], text: str) -> float:
    """The least processor time of three readings."""
    found = []
    for _ in range(3):
        start = time.process_time()
        read(text)
        found.append(1000 * (time.process_time() - start))
    return min(found)


def main() -> None:
    """Print the table."""
    print(f"{'reader':<18}{'text':<34}{'ms':>8}{'times one search':>20}")
    for name, (read, answer, loops) in READERS.items():
        prose = PROSE * (SIZE // len(PROSE))
        texts = {"prose": prose, "answer, then prose": f"{answer}\n{prose}"}
        texts |= {f"loop of {token!r:.22}": token * (SIZE // len(token)) for token in loops}
        for label, text in texts.items():
            took = milliseconds(read, text)
            least = milliseconds(re.compile(r"\bnowhere\b").search, text)
            print(f"{name:<18}{label:<34}{took:8.1f}{took / max(least, 1e-3):20.1f}")


if __name__ == "__main__":
    main()
