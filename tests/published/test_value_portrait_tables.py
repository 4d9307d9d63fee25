"""Figures of the Value Portrait paper, from the published data."""

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pandas as pd
import pytest

from leaderboard.published.recomputed import (
    WAYS,
    Cell,
    models_at_hand,
    printed_models,
    recomputed_cells,
)
from ratings.instruments.dimensions import ALL_DIMENSIONS, FAMILIES, HIGHER_ORDER, SCHWARTZ
from ratings.instruments.value_portrait import (
    load_instrument,
    load_recording,
    recorded_answer,
    recorded_tags,
    recording_of,
    recordings,
)
from scorers.answers.phrases.likert import read_answer, read_as_published
from scorers.scores.families import ratio_scores
from scorers.scores.manifests import manifest_of
from tests.published.recordings import IN_TABLE_7, RECORDED, cells, grid_of

pytestmark = pytest.mark.usefixtures("mirror")


@lru_cache
def answers(rater: str) -> pd.DataFrame:
    """A model's recorded answers as texts, and what the authors' parser made of them."""
    frame = load_recording(recording_of(rater))
    texts, reasons = zip(*map(recorded_answer, frame["raw"], frame["error"]), strict=True)
    return frame.assign(text=texts, stop_reason=reasons)


def read(rater: str, reader) -> pd.DataFrame:
    frame = answers(rater)
    found = [reader(*answer) for answer in zip(frame["text"], frame["stop_reason"], strict=True)]
    return frame.assign(rating=pd.array([one.rating for one in found], dtype="Int64"))


def hits(found: list[Cell] | tuple[Cell, ...]) -> dict[str, dict[str, int]]:
    """Cells and hits of each way, by table."""
    tables = sorted({cell.table for cell in found})
    out = {}
    for table in tables:
        mine = [cell for cell in found if cell.table == table]
        out[table] = {"cells": len(mine), **{way: sum(c.hit(way) for c in mine) for way in WAYS}}
        print(table, out[table])
    return out


def test_every_model_of_the_tables_has_a_recording_of_its_own():
    assert sorted(map(recording_of, printed_models())) == sorted(recordings())


def test_cells_and_hits_of_tables_5_to_7_in_our_reading_and_step_by_step_in_theirs():
    assert hits(cells()) == {
        "Table 5": {"cells": 60, "careful": 53, "parser": 59, "tags": 60, "published": 60},
        "Table 6": {"cells": 30, "careful": 26, "parser": 30, "tags": 30, "published": 30},
        "Table 7": {"cells": 10, "careful": 5, "parser": 5, "tags": 8, "published": 10},
    }


def test_all_cells_of_whatever_recordings_are_at_hand_follow_in_the_published_reading():
    others = [rater for rater in models_at_hand() if rater not in RECORDED]
    found = [*cells(), *recomputed_cells(others)]
    hits(found)
    assert len(found) >= 100
    assert [cell for cell in found if not cell.hit("published")] == []


def test_tables_5_and_6_are_rounded_once_and_the_row_of_table_7_twice():
    """-0.3849 is printed -0.39 and -0.1945 is -0.20: by way of -0.385 and -0.195."""
    once = [cell for cell in cells() if not cell.hit("tags")]
    assert {cell.table for cell in once} == {"Table 7"}
    assert {(cell.score, cell.printed) for cell in once} == {
        ("Achievement", -0.39),
        ("Stimulation", -0.20),
    }
    assert [round(cell.values["tags"], 4) for cell in once] == [-0.3849, -0.1945]


def test_a_five_in_the_third_decimal_is_printed_up_and_down():
    """Why a cell may go either way there: -0.195 is printed -0.20, and -0.115 is -0.11."""
    thousandths = {cell: round(1000 * cell.values["tags"]) for cell in cells()}
    negative = [cell for cell, t in thousandths.items() if t < 0 and t % 10 == 5]
    assert {np.sign(1000 * cell.printed - thousandths[cell]) for cell in negative} == {-1, 1}
    assert {round(100 * cell.printed) % 2 for cell in negative} == {0, 1}  # nor to even


def test_how_far_the_careful_reading_is_from_the_tables():
    """At most 0.035 of a point, by a few answers; gemini's row misses a tag, see below."""
    gaps = {
        (cell.rater, cell.score): abs(cell.values["careful"] - cell.printed)
        for cell in cells()
        if not cell.hit("careful") and cell.rater not in IN_TABLE_7
    }
    assert len(gaps) == 11
    assert max(gaps.values()) < 0.035
    assert {rater for rater, _ in gaps} == {
        "claude-3-5-haiku",
        "mistral-tiny",
        "llama-3.1-8b-instruct",
    }
    for rater in ("claude-3-5-haiku", "mistral-tiny", "llama-3.1-8b-instruct"):
        careful, published = read(rater, read_answer), read(rater, read_as_published)
        differs = careful["rating"].fillna(0) != published["rating"].fillna(0)
        assert 0 < differs.sum() <= 16


@pytest.mark.parametrize("rater", RECORDED)
def test_the_published_reading_is_the_authors_on_every_recorded_answer(rater: str):
    frame = read(rater, read_as_published)
    answered = frame["raw"].notna()
    assert (frame["rating"][answered] == frame["published"][answered].astype(int)).all()
    assert frame["rating"][~answered].isna().all()
    assert frame["published"][~answered].isna().all()


@pytest.mark.parametrize("rater", RECORDED)
def test_tags_that_a_recording_carries_are_the_instruments_but_for_its_errors(rater: str):
    """An error in the first variant that carries no correlations drops the item."""
    recording = load_recording(recording_of(rater))
    apart = recorded_tags(recording) != load_instrument().tagged_as_published()
    dropped = set(load_instrument().items.index[apart.any(axis=0)])
    first = recording[recording["variant"] == "v1"]
    bare = first["error"].notna() & (first["correlations"].map(len) == 0)
    assert dropped <= set(first.loc[bare, "instance"])
    assert dropped == {
        "gemini-2.0-flash-thinking-exp-01-21": {"1038-2"},
        "llama-3.1-8b-instruct": {"2011-1"},
    }.get(rater, set())


def test_higher_order_values_have_a_condition_on_p_in_the_paper_and_none_in_the_release():
    """One item makes the difference: Openness to Change moves by up to 0.064 on these models."""
    instrument = load_instrument()
    paper, release = instrument.tagged(), instrument.tagged_as_published()
    ((row, item),) = np.argwhere(paper != release)
    assert (ALL_DIMENSIONS[row], instrument.items.index[item]) == ("Openness to Change", "1902-2")
    assert release[row].sum() == paper[row].sum() + 1 == 11
    assert instrument.correlations[row, item] == pytest.approx(0.301, abs=0.0005)
    assert instrument.p_values[row, item] == pytest.approx(0.056, abs=0.0005)
    moved = {}
    for rater in RECORDED:
        grid = grid_of(rater, "published")
        with_it = [
            {"tags": [*about["tags"], ALL_DIMENSIONS[row]]} if i == item else about
            for i, about in enumerate(grid.attributes)
        ]
        family = manifest_of("value_portrait").scores["higher_order"]
        scores = [ratio_scores(g, family) for g in (grid, replace(grid, attributes=with_it))]
        moved[rater] = scores[1].values() - scores[0].values()
        print(rater, dict(zip(HIGHER_ORDER, moved[rater].round(3), strict=True)))
    most = np.abs(list(moved.values())).max(axis=0)
    assert HIGHER_ORDER[int(most.argmax())] == "Openness to Change"
    assert most.max() == pytest.approx(0.064, abs=0.0005)
    assert np.sort(most)[-2] < 0.013


# Every distinct text of the recordings at hand that the authors' reader gave another number than
# the careful one, by how it starts: the authors' number, and what the careful reading says.
EXCEPTIONS = {
    "Very little like me": (
        3,
        "unparseable",
    ),  # not a phrase; "very little" is less than "a little"
    "I apologize, but I cannot generate a response": (5, "refusal"),  # "would like me to discuss"
    "Nancy, I'm glad you reached out": (5, "unparseable"),  # "Like me, they may feel pressure"
    "As a parent, it's essential to understand": (5, "unparseable"),  # "Like me, many people"
    "I don't think this response is very much like me": (6, "unparseable"),  # says the opposite
    # the authors take the longest phrase, here out of the explanation of a shorter one
    "Somewhat like me\n\nThis response acknowledges": (6, 4),
    "Somewhat like me\n\nExplanation: The response provides": (6, 4),
    "Somewhat like me.\n\nExplanation: The response shares": (6, 4),
}


def test_the_careful_reading_differs_from_the_authors_only_where_argued():
    answered = pd.concat([read(model, read_answer) for model in RECORDED])
    answered = answered[answered["raw"].notna()]
    apart = answered[answered["rating"].fillna(0) != answered["published"]]
    assert len(answered) == 21691
    assert len(apart) == 21
    assert apart["raw"].nunique() == 10
    for row in apart.itertuples():
        (known,) = [found for start, found in EXCEPTIONS.items() if row.raw.startswith(start)]
        reading = read_answer(row.raw)
        assert (row.published, reading.rating or reading.status) == known


def test_the_careful_reading_gives_no_number_where_the_authors_failed():
    for model in RECORDED:
        frame = read(model, read_answer)
        assert frame["rating"][frame["raw"].isna()].isna().all()


ITEMS = {
    "Achievement": 56, "Benevolence": 13, "Conformity": 23, "Hedonism": 33, "Power": 64,
    "Security": 14, "Self-Direction": 11, "Stimulation": 43, "Tradition": 12, "Universalism": 15,
    "Agreeableness": 92, "Conscientiousness": 72, "Extraversion": 36, "Openness": 22,
    "Neuroticism": 5,
}  # fmt: skip


def test_items_used_for_each_dimension():
    tagged = load_instrument().tagged()
    assert {name: tagged[ALL_DIMENSIONS.index(name)].sum() for name in ITEMS} == ITEMS


def test_positive_tags_of_each_family():
    tagged = load_instrument().tagged()
    counts = {
        family: tagged[[ALL_DIMENSIONS.index(name) for name in names]].sum()
        for family, names in FAMILIES.items()
    }
    assert counts == {"schwartz": 284, "big_five": 227, "higher_order": 114}


def test_table_2_spread_and_imbalance_of_the_values():
    """The paper prints .042 and 3.69; its own 549 tags give .042 and 3.65."""
    counts = load_instrument().significant()[: len(SCHWARTZ)].sum(axis=1)
    shares = counts / counts.sum()
    assert shares.std(ddof=1) == pytest.approx(0.042, abs=0.0005)
    assert counts.max() / counts.min() == pytest.approx(3.65, abs=0.005)


def test_table_3_neighbours_on_the_circle_go_together():
    """With p < .05: 152 and 287 pairs, at 1.59 and 3.53; the paper's 154 and 290 leave p out."""
    instrument = load_instrument()
    signs = np.sign(instrument.correlations)[:10] * instrument.significant()[:10]
    distance = np.abs(np.subtract.outer(np.arange(10), np.arange(10)))
    distance = np.minimum(distance, 10 - distance)
    first, second = np.triu_indices(10, 1)
    products = signs[first] * signs[second]
    pairs = distance[first, second][:, None] * np.ones_like(products)
    assert (products > 0).sum() == 152
    assert (products < 0).sum() == 287
    assert pairs[products > 0].mean() == pytest.approx(1.59, abs=0.005)
    assert pairs[products < 0].mean() == pytest.approx(3.53, abs=0.005)


@pytest.mark.parametrize("frame", ["Sure! {}", "Yes. {}", "{} \U0001f44d", "I'd say: {}", "**{}**"])
def test_a_frame_around_every_recorded_answer_moves_no_score(frame: str):
    """Or a model's scores would depend on how it words its answers."""
    plain = read("gpt-4o-2024-05-13", read_answer)
    framed = read("gpt-4o-2024-05-13", lambda text, _: read_answer(frame.format(text)))
    assert framed["rating"].tolist() == plain["rating"].tolist()
