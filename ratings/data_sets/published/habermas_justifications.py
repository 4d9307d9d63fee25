"""What people in the United Kingdom wrote to justify how far they agree with a statement."""

from ratings.data_sets.data_set import TEXT
from ratings.data_sets.published.habermas_likert import CARD, PERSON, load_habermas_likert
from ratings.data_sets.sources import read_parquet, requested_file
from ratings.data_sets.text_set import TextSet, text_set
from ratings.errors import DataError

FILE = "hm_all_candidate_comparisons.parquet"
TASK = (
    "A rater who lives in the United Kingdom reads a question of public interest and a statement "
    "that answers it, and writes in a few sentences what the rater thinks of it and why."
)

_TEXT, _STATUS, _PROVENANCE = (
    f"own_opinion.{name}" for name in ("text", "metadata.status", "metadata.provenance")
)
_FINISHED = "COMPLETED"
_NOTHING = "No opinion was provided."  # what the source has instead of a text


def load_habermas_justifications() -> TextSet:
    """The texts of the raters of `habermas_likert`, who wrote one on each question they discussed.

    A rater's first finished text on a question counts. The raters, what is known of them and what
    they read are those of the ratings; raters with fewer than four texts are left out.

    Source: Value Profiles, appendix C.3.

    Raises:
        DataError: when a file is missing or not in the layout of the card, or holds no text of
            these raters.
    """
    rated = load_habermas_likert()
    assert rated.card is not None
    path = requested_file(rated.card, FILE)
    frame = read_parquet(path, ["worker_id", "question.id", _TEXT, _STATUS, _PROVENANCE])
    frame = frame[frame[_PROVENANCE].eq(PERSON) & frame[_STATUS].eq(_FINISHED)]
    frame = frame.rename(columns={"worker_id": "rater", "question.id": "instance", _TEXT: TEXT})
    frame = frame.dropna(subset=["rater", "instance", TEXT]).astype(str)
    frame = frame.assign(**{TEXT: frame[TEXT].str.split().str.join(" ")})
    known = frame["rater"].isin(rated.table.raters.index)
    known &= frame["instance"].isin(rated.table.instances.index)
    known &= ~frame[TEXT].isin(["", _NOTHING])
    frame = frame[known].drop_duplicates(["rater", "instance"])
    if frame.empty:
        raise DataError(f"{path} holds no finished text of a rater of {CARD}")
    return text_set(
        CARD,
        frame,
        rated.table.raters,
        rated.table.instances.loc[frame["instance"].unique()],
        task=TASK,
        demographics=rated.demographics,
        card=rated.card,
    )
