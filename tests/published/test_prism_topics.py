"""Topics of PRISM's opening prompts as published: sizes and tests of their regressions.

Kirk et al. (2024), The PRISM alignment dataset, section 3.1, appendix R, Figures 3 and 23 and Table
22, from the release's result files. The prompts themselves are not at hand.
"""

import ast

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from scorers.topics.words import top_words
from tests.published.prism_results import at_hand

pytestmark = pytest.mark.usefixtures("mirror")

# Table 22, largest first, without the outliers.
SIZES = [
    816, 493, 448, 441, 401, 360, 320, 286, 207, 193, 188, 158, 135, 131, 131, 129, 119, 111, 99,
    98, 85, 84,
]  # fmt: skip
OUTLIERS, PROMPTS, TOPICS = 2_578, 8_011, 22


def published(name: str) -> pd.DataFrame:
    return pd.read_csv(at_hand(name))


@pytest.fixture
def clusters() -> pd.DataFrame:
    return published("opening_prompt_cluster_df_original.csv").set_index("cluster_id")


@pytest.fixture
def tests() -> pd.DataFrame:
    found = published("topic_regression_tests.csv")
    parts = "gender|age|region|ethnicity|religion|conversation_type"
    return found.join(found["coefficient"].str.extract(f"^(?P<attribute>{parts})(?P<level>.*)$"))


def test_sizes_of_topics(clusters):
    sizes = clusters["cluster_size"]
    assert sizes[-1] == OUTLIERS
    assert sorted(sizes.drop(-1), reverse=True) == SIZES
    assert sizes.sum() == PROMPTS
    assert round(100 * OUTLIERS / PROMPTS, 2) == 32.18  # "30%" and "32%" in the text
    assert sizes.min() >= round(0.01 * PROMPTS) == 80


def test_counts_of_significant_coefficients(tests):
    assert len(tests) == 682 == TOPICS * 31
    sure = tests["significant_99pc"].astype(bool)
    assert sure.equals(tests["pval"].lt(0.01))
    assert sure.sum() == 110
    types = tests["attribute"].eq("conversation_type")
    assert (sure[types].sum(), types.sum()) == (37, 44)
    assert (sure[~types].sum(), (~types).sum()) == (73, 638)
    assert round(100 * sure[~types].mean(), 1) == 11.4
    free = tests[types].groupby("cluster_name")["significant_99pc"].sum().eq(0)
    assert free[free].index.tolist() == ["ClimateChange"]  # the only topic without


def test_filled_cells_of_figure_3(tests):
    """Shown are groups of at least 20 people who said what they are: not Oceania, of one person."""
    hidden = tests["level"].isin(["Prefer not to say", "Oceania"])
    shown = tests[~hidden]
    assert len(shown) == TOPICS * 26
    assert shown["significant_99pc"].sum() == 92
    counts = shown.groupby("attribute", sort=False)["significant_99pc"].agg(["sum", "size"])
    assert counts.T.to_dict("list") == {
        "gender": [15, 44], "age": [10, 110], "region": [23, 176], "ethnicity": [4, 110],
        "religion": [3, 88], "conversation_type": [37, 44],
    }  # fmt: skip
    assert set(tests.groupby("attribute")["level"].nunique().items()) == {
        ("gender", 3), ("age", 5), ("region", 10), ("ethnicity", 6), ("religion", 5),
        ("conversation_type", 2),
    }  # fmt: skip


def test_printed_errors_are_not_clustered_by_participant(tests):
    """Oceania has one participant, whose errors by cluster would be those of the others.

    The indicator of a level makes the residuals of the level sum to zero, so a single participant
    adds nothing to a clustered error: it would be that of the others, .025 or less. What is printed
    where the participant wrote on a topic is the robust error of a share of one in six or so, six
    times as much.
    """
    people = tests[tests["level"].eq("Oceania")].set_index("cluster_name")
    error = people["estimate"].abs() / stats.norm.isf(people["pval"] / 2)
    wrote = error[error > 0.05]
    assert set(wrote.index) == {
        "GlobalWarDiscussions", "ElectionandPoliticalParties", "ManagingRelationships"
    }  # fmt: skip
    of_one_in_six = np.sqrt(1 / 6 * 5 / 6 / 6)  # .152
    assert wrote.between(0.9 * of_one_in_six, 1.02 * of_one_in_six).all()
    others = error.drop(wrote.index).replace(0, np.nan)
    assert others.max() < 0.026


def test_words_of_topics_come_from_the_texts_that_are_printed(clusters):
    """Five texts of each topic are published: their words are among those of all its texts."""
    parts = clusters.drop(-1).assign(
        texts=lambda table: table["top_texts"].map(ast.literal_eval),
        words=lambda table: table["top_words"].map(ast.literal_eval),
    )
    texts = parts.explode("texts")
    found = top_words(texts["texts"].tolist(), np.repeat(np.arange(TOPICS), 5))
    shared = [
        len(set(ours) & set(theirs)) for ours, theirs in zip(found, parts["words"], strict=True)
    ]
    assert parts["words"].str.len().eq(10).all()
    assert np.mean([count > 0 for count in shared]) > 0.8
