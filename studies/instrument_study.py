"""A rating study whose truth is known, to try `valuegauge instrument build` on.

    python -m studies.instrument_study FOLDER

writes `ratings.csv`, `items.csv`, `raters.csv` and `settings.yaml` into FOLDER. 120 made-up raters
with values on Schwartz's circle rate 40 items, four of which load most on each value, and fill in
PVQ-21.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from ratings.arrays import FloatArray
from ratings.instruments.dimensions import SCHWARTZ
from ratings.questionnaires.questionnaire import load_questionnaire

QUERIES, OPTIONS = 8, 5
SETTINGS = "synthetic: true\ntitle: An instrument of simulated raters\n"


@dataclass(frozen=True, eq=False)
class MadeStudy:
    """Files of a study, and what was planted.

    Attributes:
        folder: of `ratings.csv`, `items.csv` and `raters.csv`.
        values: R x 10 true values.
        planted: by item the value that it loads on most.
    """

    folder: Path
    values: FloatArray
    planted: dict[str, str]

    def arguments(self) -> list[str]:
        """Of `valuegauge instrument build`, for the three files."""
        names = ("ratings", "items", "raters")
        return [part for name in names for part in (f"--{name}", str(self.folder / f"{name}.csv"))]


def make_study(folder: Path, raters: int = 120, seed: int = 0) -> MadeStudy:
    """Write a study of 40 items, four for each value, whose raters filled in PVQ-21."""
    rng = np.random.default_rng(seed)
    values = _values(rng, raters)
    names = [f"{q + 1}-{o + 1}" for q in range(QUERIES) for o in range(OPTIONS)]
    peaks = [SCHWARTZ[i % len(SCHWARTZ)] for i in range(len(names))]
    loadings = np.array([[_cosine(name, peak) for name in SCHWARTZ] for peak in peaks])
    loadings = 0.35 * loadings + np.array([[name == peak for name in SCHWARTZ] for peak in peaks])
    noisy = 3.5 + values @ loadings.T + 0.7 * rng.standard_normal((raters, len(names)))
    ratings = np.clip(np.rint(noisy), 1, 6).astype(int)
    people = [f"R{number:03d}" for number in range(1, raters + 1)]
    folder.mkdir(parents=True, exist_ok=True)
    pd.DataFrame(
        [
            (who, item, ratings[r, i])
            for r, who in enumerate(people)
            for i, item in enumerate(names)
        ],
        columns=["rater", "item", "rating"],
    ).to_csv(folder / "ratings.csv", index=False)
    pd.DataFrame(
        {
            "item": names,
            "query": [name.split("-")[0] for name in names],
            "title": [f"Question {name.split('-')[0]}" for name in names],
            "text": [f"What would you do in situation {name.split('-')[0]}?" for name in names],
            "response": [
                f"What {peak} says, in words of {n}." for n, peak in zip(names, peaks, strict=True)
            ],
            "topic": [("work", "family")[int(name.split("-")[0]) % 2] for name in names],
        }
    ).to_csv(folder / "items.csv", index=False)
    answers = _answers(rng, values)
    pd.DataFrame({"rater": people, "minutes": 20, "failed_checks": 0}).join(answers).to_csv(
        folder / "raters.csv", index=False
    )
    return MadeStudy(folder, values, dict(zip(names, peaks, strict=True)))


def _values(rng: np.random.Generator, raters: int) -> FloatArray:
    angles = 2 * np.pi * np.arange(len(SCHWARTZ)) / len(SCHWARTZ)
    circle = rng.standard_normal((raters, 2)) @ np.vstack([np.cos(angles), np.sin(angles)])
    values = 0.5 * circle + 0.8 * rng.standard_normal((raters, len(SCHWARTZ)))
    centred: FloatArray = values - values.mean(axis=1, keepdims=True)
    return centred


def _cosine(one: str, other: str) -> float:
    steps = SCHWARTZ.index(one) - SCHWARTZ.index(other)
    return float(np.cos(2 * np.pi * steps / len(SCHWARTZ)))


def _answers(rng: np.random.Generator, values: FloatArray) -> pd.DataFrame:
    """Raw answers to PVQ-21, in the columns that are to be read."""
    key = load_questionnaire("pvq21")
    of_item = {item: name for name in SCHWARTZ for item in key.keys[name]}
    columns = [SCHWARTZ.index(of_item[item]) for item in key.items]
    noise = 0.5 * rng.standard_normal((len(values), len(columns)))
    raw = np.clip(np.rint(4 + values[:, columns] + noise), 1, 6).astype(int)
    return pd.DataFrame(raw, columns=[f"pvq21_{item}" for item in key.items])


def main() -> None:
    """Write the study into the folder named on the command line."""
    if len(sys.argv) != 2:
        sys.exit("usage: python -m studies.instrument_study FOLDER")
    folder = Path(sys.argv[1])
    make_study(folder)
    (folder / "settings.yaml").write_text(SETTINGS, encoding="utf-8")
    print(folder)


if __name__ == "__main__":
    main()
