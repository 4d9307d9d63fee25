"""People in the layout of the European Social Survey's file, with planted values."""

from pathlib import Path

import numpy as np
import pandas as pd

from ratings.instruments.dimensions import SCHWARTZ
from ratings.questionnaires.questionnaire import load_questionnaire

ITEMS = load_questionnaire("ess_pvq21").items


def made_survey(
    people: int = 400, seed: int = 0, effects: dict[tuple[str, int], dict[str, float]] | None = None
) -> pd.DataFrame:
    """People of two countries, with missing codes, weights and a sample in strata and clusters.

    Args:
        people: in each country.
        seed: of all draws.
        effects: what is added to a value of people by variable and code, in points.
    """
    random = np.random.default_rng(seed)
    frames = []
    for country, size in (("AT", 0.7), ("DE", 6.5)):
        frame = pd.DataFrame(
            {
                "name": "ESS11e04_1",
                "essround": 11,
                "edition": "4.1",
                "proddate": "13.11.2025",
                "idno": np.arange(50_001, 50_001 + people),
                "cntry": country,
                "dweight": 1.0,
                "pspwght": random.gamma(8, 1 / 8, people).round(6),
                "pweight": size,
                "psu": random.integers(100, 140, people),
                "lrscale": random.choice([*range(11), 77, 88, 99], people),
                "gndr": random.choice([1, 2], people),
                "agea": random.choice([*range(15, 91), 999], people),
                "eisced": random.choice([1, 2, 3, 4, 5, 6, 7, 55, 77, 88], people),
                "region": country + "11",
            }
        )
        frame.insert(9, "anweight", (frame["pspwght"] * frame["pweight"]).round(6))
        frame.insert(12, "stratum", frame["psu"] // 10)
        values = pd.DataFrame(
            random.normal(0, 0.8, (people, len(SCHWARTZ))), columns=list(SCHWARTZ)
        )
        for (variable, code), shift in (effects or {}).items():
            for value, points in shift.items():
                values.loc[frame[variable] == code, value] += points
        frames.append(frame.join(_answers(values, random)))
    made = pd.concat(frames, ignore_index=True)
    return made.assign(inwds="2023-06-12 10:11:12")


def _answers(values: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """Answers from 1, very much like me, with the survey's codes for no answer here and there."""
    keys = load_questionnaire("ess_pvq21").keys
    value_of = {item: value for value in SCHWARTZ for item in keys[value]}
    noise = random.normal(0, 0.9, (len(values), len(ITEMS)))
    level = random.normal(4.2, 0.5, len(values))[:, None]
    liked = level + values[[value_of[item] for item in ITEMS]].to_numpy() + noise
    codes = 7 - np.clip(np.rint(liked), 1, 6).astype(int)
    missing = random.random(codes.shape) < 0.01
    codes[missing] = random.choice([66, 77, 88, 99, 7, 8, 9], int(missing.sum()))
    return pd.DataFrame(codes, columns=list(ITEMS))


def written(frame: pd.DataFrame, folder: Path, **how: object) -> str:
    path = folder / "ESS11e04_1.csv"
    frame.to_csv(path, index=False, **how)
    return str(path)
