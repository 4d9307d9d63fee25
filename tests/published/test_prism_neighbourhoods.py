"""PRISM's local neighbourhoods from the authors' clusters: Table 23 and what their notebook says.

Kirk et al. (2024), The PRISM alignment dataset, appendix S. Demographics of authors and scores are
not in these files, so entropies but that of identities, and Table 24, are not here.
"""

import numpy as np
import pandas as pd
import pytest

from ratings.prism.results.clusters import cluster_file_name, read_clusters
from scorers.neighbourhoods.counts import NeighbourhoodCounts, neighbourhood_counts
from scorers.neighbourhoods.entropy import adjusted_entropies
from scorers.neighbourhoods.field_sites import field_sites
from tests.published.prism_results import at_hand

pytestmark = pytest.mark.usefixtures("mirror")

COUNTED = (
    "clusters", "singletons", "one_author", "neighbourhoods", "smallest", "largest", "members",
    "repeating",
)  # fmt: skip
PROMPTS = {
    0.05: (7588, 7424, 10, 154, 2, 60, 564, 15),
    0.125: (7240, 6955, 12, 273, 2, 62, 1029, 19),
    0.2: (6702, 6266, 17, 419, 2, 98, 1710, 23),
}
# Mean and standard deviation of sizes; per cent of texts that are not an author's first.
MOMENTS = {0.05: (3.66, 5.83, 4.04), 0.125: (3.77, 5.73, 2.73), 0.2: (4.08, 8.03, 2.32)}
# Per cent of prompts in neighbourhoods, and what Table 23 prints.
SHARES = {0.05: (7.04, 1.92), 0.125: (12.84, 3.41), 0.2: (21.35, 5.23)}
IDENTITY = {0.05: 0.03, 0.125: 0.02, 0.2: 0.03}  # about 0
SIZES = {
    0.05: (3.579268, 5.654668, 60), 0.125: (3.705263, 5.615384, 62),
    0.2: (4.002294, 7.879990, 98),
}  # fmt: skip
REPLIES = {
    0.05: (61605, 56589, 5016, 4715, 47.88), 0.125: (47360, 34592, 12768, 12202, 50.0),
    0.2: (33261, 18656, 14605, 14085, 52.65),
}  # fmt: skip
REPLY_SIZES = {
    0.05: (2.348884, 4.010690, 147), 0.125: (2.645598, 3.996820, 190),
    0.2: (3.403971, 7.851036, 421),
}  # fmt: skip


def clusters(kind: str, threshold: float) -> pd.DataFrame:
    return read_clusters(at_hand(cluster_file_name(kind, threshold)))


def counts(frame: pd.DataFrame) -> NeighbourhoodCounts:
    return neighbourhood_counts(frame["cluster"].to_numpy(), frame["user_id"])


def sizes_of_several(frame: pd.DataFrame) -> tuple[float, float, int]:
    size = frame["cluster"].value_counts()
    several = size[size > 1]
    return float(several.mean()), float(several.std()), int(several.max())


@pytest.mark.parametrize("threshold", PROMPTS)
def test_table_23_counts_and_sizes(threshold: float):
    frame = clusters("opening_prompt", threshold)
    found = counts(frame)
    assert found.texts == 8011
    assert tuple(getattr(found, name) for name in COUNTED) == PROMPTS[threshold]
    moments = (found.mean, found.sd, 100 * found.duplicates)
    assert tuple(round(value, 2) for value in moments) == MOMENTS[threshold]
    assert sizes_of_several(frame) == pytest.approx(SIZES[threshold], abs=1e-6)


@pytest.mark.parametrize("threshold", SHARES)
def test_the_printed_share_of_prompts_is_neighbourhoods_over_prompts(threshold: float):
    found = counts(clusters("opening_prompt", threshold))
    share, printed = SHARES[threshold]
    assert round(100 * found.share, 2) == share
    assert round(100 * found.neighbourhoods / 8011, 2) == printed
    assert round(100 * found.printed_share, 2) == printed


@pytest.mark.parametrize("threshold", IDENTITY)
def test_identity_entropy_is_that_of_table_23(threshold: float):
    frame = clusters("opening_prompt", threshold)
    cluster = frame["cluster"].to_numpy()
    found = adjusted_entropies(cluster, frame["user_id"], pd.DataFrame(index=frame.index), draws=2)
    assert len(found) == PROMPTS[threshold][3]
    # printed -0.00, from the expectation of 100 draws, not of endlessly many
    assert abs(found["author"].mean()) < 0.005
    assert round(found["author"].std(), 2) == IDENTITY[threshold]


@pytest.mark.parametrize("threshold", REPLIES)
def test_clusters_of_replies(threshold: float):
    frame = clusters("model_response", threshold)
    found = counts(frame)
    several = found.clusters - found.singletons
    assert found.texts == 68371
    assert (
        found.clusters, found.singletons, several, found.repeating,
        round(100 * found.duplicates, 2),
    ) == REPLIES[threshold]  # fmt: skip
    assert sizes_of_several(frame) == pytest.approx(REPLY_SIZES[threshold], abs=1e-6)


def test_a_stricter_threshold_divides_the_clusters_of_a_wider_one():
    strict, wide = (clusters("opening_prompt", one) for one in (0.05, 0.125))
    both = strict.merge(wide, on="conversation_id")
    nested = both.groupby("cluster_x")["cluster_y"].nunique()
    assert np.all(nested == 1)


# Of the largest sites of Table 24, replies and people. Which replies are of first turns, and so how
# many sites there are, is not in the authors' files.
LARGEST = {0.05: (56, 24), 0.125: (84, 30), 0.2: (149, 62)}
SITES = {0.05: 124, 0.125: 443, 0.2: 791}


@pytest.mark.parametrize("threshold", LARGEST)
def test_the_largest_field_site_of_table_24(threshold: float):
    """Most replies and most people; at .2 these are two sites."""
    prompts = clusters("opening_prompt", threshold)
    replies = clusters("model_response", threshold)
    found = field_sites(
        replies.assign(model_name="", model_provider="", score=np.nan),
        prompts.set_index("conversation_id"),
        prompts["cluster"].to_numpy(),
        replies["cluster"].to_numpy(),
    )
    assert (found["size"].max(), found["people"].max()) == LARGEST[threshold]
    assert len(found) > SITES[threshold]  # with replies of later turns
