"""Averages of profiles behind Value Portrait's Figure 4, which prints none of them as a number.

Its three pictures are made again from the rows of Table 5 that the paper prints, and next to them
from the recorded answers that are on this machine.
"""

from collections.abc import Iterable, Sequence
from itertools import compress

import pandas as pd

from evals.instruments.tables import InstrumentTable
from ratings.arrays import FloatArray
from ratings.instruments.dimensions import ALL_DIMENSIONS, SCHWARTZ
from ratings.instruments.value_portrait import (
    VARIANTS,
    load_instrument,
    load_recording,
    recording_of,
    recordings_at_hand,
)
from scorers.scores.accuracy import mean_over_people
from scorers.scores.families import ratio_scores
from scorers.scores.manifests import manifest_of
from scorers.scores.responses import ResponseMatrix

REASONING = ("o1-mini", "o3-mini")
OTHER_GPT = ("chatgpt-4o-latest", "gpt-3.5-turbo", "gpt-4o-2024-05-13", "gpt-4o-2024-08-06",
             "gpt-4o-2024-11-20", "gpt-4o-mini")  # fmt: skip
SIZES = ("llama-3.1-8b-instruct", "llama-3.1-70b-instruct", "llama-3.1-405b-instruct")


def recorded_profiles(raters: Iterable[str]) -> pd.DataFrame:
    """Ten scores of each model whose recording is on this machine, M x 10; nothing is downloaded.

    Answers are read as the authors' own parser read them; a score rests on the tags of the
    paper's text.

    Args:
        raters: names as the paper prints them.
    """
    there = set(recordings_at_hand())
    profiles = {rater: _profile(name) for rater in raters if (name := recording_of(rater)) in there}
    return pd.DataFrame.from_dict(profiles, orient="index", columns=list(SCHWARTZ), dtype=float)


def figure_4(printed: pd.DataFrame, recorded: pd.DataFrame) -> list[InstrumentTable]:
    """The three pictures as tables: all models, reasoning models, sizes of one model.

    Args:
        printed: M x 10, the rows of Table 5, by the names that the paper prints.
        recorded: the same of the recordings at hand, of fewer models.
    """
    return [
        _all_models(printed, recorded),
        _reasoning_models(printed, recorded),
        _model_sizes(printed, recorded),
    ]


def _all_models(printed: pd.DataFrame, recorded: pd.DataFrame) -> InstrumentTable:
    frame = _mean(printed)
    frame["least"], frame["greatest"] = printed.min(), printed.max()
    order = frame["mean"].sort_values(ascending=False).index.tolist()
    notes = [
        f"highest on average: {', '.join(order[:3])}; lowest: {', '.join(order[:-4:-1])}",
        "intervals are over models, of which those of one maker are alike",
        *_beside(frame, printed, recorded),
    ]
    title = f"Mean of the {len(printed)} models of Table 5"
    return InstrumentTable("Figure 4, left", title, frame, {}, notes)


def _reasoning_models(printed: pd.DataFrame, recorded: pd.DataFrame) -> InstrumentTable:
    others = printed.loc[list(OTHER_GPT)]
    frame = _mean(others)
    for name in REASONING:
        frame[name] = printed.loc[name]
        frame[f"{name} - mean"] = frame[name] - frame["mean"]
    above = [
        f"{int((others['Benevolence'] >= printed.loc[name, 'Benevolence']).sum())} of "
        f"{len(others)} are at or above {name}"
        for name in REASONING
    ]
    notes = [f"Benevolence of the others: {', '.join(above)}"]
    title = f"Reasoning models and the mean of the {len(others)} other GPT models of Table 5"
    notes += _beside(frame, others, recorded)
    return InstrumentTable("Figure 4, middle", title, frame, {}, notes)


def _model_sizes(printed: pd.DataFrame, recorded: pd.DataFrame) -> InstrumentTable:
    frame = printed.loc[list(SIZES)].T
    there = [name for name in SIZES if name in recorded.index]
    for name in there:
        frame[f"{name} recorded"] = recorded.loc[name]
    frame.loc["variance over values"] = frame.var(ddof=1)
    title = "Llama 3.1 by size, and the variance of each profile"
    return InstrumentTable("Figure 4, right", title, frame, {}, [_at_hand_note(SIZES, there)], 3)


def _mean(profiles: pd.DataFrame) -> pd.DataFrame:
    """Mean of each value over models, with its interval over models."""
    found = mean_over_people(profiles.to_numpy(), ends=(-5.0, 5.0))
    rows = [(one.value, one.low, one.high) for one in found]
    return pd.DataFrame(rows, index=profiles.columns, columns=["mean", "low", "high"])


def _beside(frame: pd.DataFrame, printed: pd.DataFrame, recorded: pd.DataFrame) -> list[str]:
    """Put the mean of the recordings at hand next to that of the same models in print."""
    there = [name for name in printed.index if name in recorded.index]
    if there:
        frame["recorded"] = recorded.loc[there].mean()
        frame["printed, the same"] = printed.loc[there].mean()
    return [_at_hand_note(printed.index, there)]


def _at_hand_note(wanted: Sequence[str] | pd.Index, there: Sequence[str]) -> str:
    counted = f"recordings on this machine: {len(there)} of {len(wanted)}"
    return f"{counted} ({', '.join(there)})" if there else counted


def recorded_ratings(recording: str) -> FloatArray:
    """Ratings as the authors' parser read them, I x 6 in the order of the items and variants."""
    frame = load_recording(recording)
    wide = frame.pivot(index="instance", columns="variant", values="published")
    items = load_instrument().items.index
    ratings: FloatArray = wide.reindex(index=items, columns=list(VARIANTS)).to_numpy(float)
    return ratings


def _profile(recording: str) -> FloatArray:
    instrument = load_instrument()
    family = manifest_of("value_portrait").scores["schwartz"]
    found = ratio_scores(
        ResponseMatrix.from_ratings(
            recorded_ratings(recording),
            samples=list(instrument.items.index),
            clusters=list(instrument.items["query"]),
            columns=list(VARIANTS),
            tags=[list(compress(ALL_DIMENSIONS, item)) for item in instrument.tagged().T],
        ),
        family,
    )
    assert found is not None
    return found.values()
