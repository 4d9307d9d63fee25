"""Figures of the Value Portrait paper, from the published data."""

import numpy as np
import pandas as pd
import pytest

from ratings.dimensions import ALL_DIMENSIONS, BIG_FIVE, FAMILIES, SCHWARTZ
from ratings.value_portrait import (
    VARIANTS,
    load_instrument,
    load_recording,
)
from scorers.likert import read_answer, read_as_published
from scorers.schwartz import score_family

# Tables 5 and 6, the rows whose recordings the tests can reach.
TABLE_5 = {
    "gpt-4o-2024-05-13": [0.47, 0.79, 0.15, -0.35, 0.32, -0.30, -0.41, -0.22, -0.06, 0.62],
    "o1-mini-2024-09-12": [0.23, 0.72, -0.10, -0.63, 0.11, 0.00, -0.33, -0.09, -0.13, 0.31],
    "claude-3-5-haiku-20241022": [0.01, 0.07, 0.03, -0.02, 0.02, 0.0, -0.03, -0.03, -0.01, 0.02],
    "mistral-medium": [0.33, 0.36, 0.10, -0.53, 0.18, -0.08, -0.16, -0.16, 0.06, 0.12],
    "llama-3.1-8b-instruct": [-0.02, -0.01, 0.01, 0.18, -0.02, -0.04, -0.05, 0.01, 0.03, 0.06],
}
TABLE_6 = {
    "gpt-4o-2024-05-13": [3.97, 3.90, 3.58, 3.71, 3.75],
    "o1-mini-2024-09-12": [3.11, 3.12, 2.95, 3.10, 3.28],
    "claude-3-5-haiku-20241022": [3.42, 3.39, 3.34, 3.36, 3.33],
    "mistral-medium": [3.64, 3.63, 3.34, 3.43, 3.44],
    "llama-3.1-8b-instruct": [3.41, 3.33, 3.26, 3.29, 3.33],
}
pytestmark = pytest.mark.usefixtures("mirror")


def read(model: str, reader) -> pd.DataFrame:
    frame = load_recording(model)
    answers = zip(frame["raw"], frame["error"], strict=True)
    texts = [
        raw if isinstance(raw, str) else err.split("response from: ")[-1] for raw, err in answers
    ]
    ratings = [reader(text).rating for text in texts]
    return frame.assign(rating=pd.array(ratings, dtype="Int64"))


def scored(frame: pd.DataFrame, family: str) -> dict[str, float]:
    instrument = load_instrument()
    wide = frame.pivot(index="instance", columns="variant", values="rating")
    ratings = wide.loc[instrument.items.index, list(VARIANTS)].to_numpy(
        dtype=float, na_value=np.nan
    )
    rows = [ALL_DIMENSIONS.index(name) for name in FAMILIES[family]]
    found = score_family(
        ratings,
        instrument.tagged()[rows],
        list(instrument.items["query"]),
        FAMILIES[family],
        normalised=family != "big_five",
    )
    return {score.dimension: score.estimate.value for score in found}


def misprinted(found: dict[str, float], names, printed: list[float]) -> list[str]:
    """The dimensions whose score does not round to what the table prints."""
    pairs = zip(names, printed, strict=True)
    return [name for name, value in pairs if abs(found[name] - value) > 0.005 + 1e-9]


@pytest.mark.parametrize("model", TABLE_5)
def test_tables_5_and_6_from_the_published_reading(model: str):
    """All cells but one: llama's Stimulation is 0.0248 by its data, and 0.03 in print."""
    frame = read(model, read_as_published)
    values = scored(frame, "schwartz")
    apart = misprinted(values, SCHWARTZ, TABLE_5[model])
    if model == "llama-3.1-8b-instruct":
        assert apart == ["Stimulation"]
        assert values["Stimulation"] == pytest.approx(0.0248, abs=0.00005)
    else:
        assert apart == []
    assert misprinted(scored(frame, "big_five"), BIG_FIVE, TABLE_6[model]) == []


@pytest.mark.parametrize("model", ["gpt-4o-2024-05-13", "o1-mini-2024-09-12", "mistral-medium"])
def test_tables_5_and_6_from_the_careful_reading(model: str):
    frame = read(model, read_answer)
    assert misprinted(scored(frame, "schwartz"), SCHWARTZ, TABLE_5[model]) == []
    assert misprinted(scored(frame, "big_five"), BIG_FIVE, TABLE_6[model]) == []


@pytest.mark.parametrize("model", ["claude-3-5-haiku-20241022", "llama-3.1-8b-instruct"])
def test_where_the_careful_reading_differs_from_the_tables_it_is_by_a_few_answers(model: str):
    careful, published = read(model, read_answer), read(model, read_as_published)
    differs = careful["rating"].fillna(0) != published["rating"].fillna(0)
    assert 0 < differs.sum() <= 16
    for family, names, table in (
        ("schwartz", SCHWARTZ, TABLE_5),
        ("big_five", BIG_FIVE, TABLE_6),
    ):
        found = scored(careful, family)
        assert misprinted(found, names, table[model])
        apart = max(abs(found[n] - p) for n, p in zip(names, table[model], strict=True))
        assert apart < 0.035


def test_the_published_reading_is_the_authors_on_every_recorded_answer():
    for model in TABLE_5:
        frame = read(model, read_as_published)
        answered = frame["raw"].notna()
        assert (frame["rating"][answered] == frame["published"][answered].astype(int)).all()
        assert frame["rating"][~answered].isna().all()


RECORDED = (*TABLE_5, "mistral-tiny", "gemini-2.0-flash-thinking-exp-01-21")
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
    framed = read("gpt-4o-2024-05-13", lambda text: read_answer(frame.format(text)))
    assert framed["rating"].tolist() == plain["rating"].tolist()
