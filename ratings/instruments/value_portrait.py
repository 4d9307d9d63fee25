"""Value Portrait: its items as instances with tags, its prompts, and its human ratings.

The official source, the packaged sample and an instrument that `valuegauge instrument build` wrote
have the same files in the same layout, so one loader reads them: `data="official"`,
`data="sample"`, or `data` with the path of the folder.
"""

import hashlib
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ratings.arrays import FloatArray
from ratings.errors import DataError, UnknownNameError, nearest_first, unknown_name
from ratings.input.prompt_template import fill
from ratings.instruments.dimensions import ALL_DIMENSIONS, HIGHER_ORDER, dimension_name
from ratings.instruments.own_instrument import is_own, own_card
from ratings.instruments.portrait_files import (
    OWN_PHRASES,
    SCORES,
    SURVEY,
    TAGGED,
    read_correlations,
    read_items,
    read_json,
    read_scores,
    read_survey,
    read_text,
    template_path,
)
from ratings.instruments.portrait_files import VARIANTS as VARIANTS
from ratings.sources.cards import Card, load_card
from ratings.sources.fetch import fetch, verify
from ratings.table import RatingTable

CARDS = {"official": "value_portrait", "sample": "value_portrait_sample"}
CHOICES = (
    "not like me at all",
    "not like me",
    "a little like me",
    "somewhat like me",
    "like me",
    "very much like me",
)
SIGNIFICANCE = 0.05

_PARSE_FAILURE = "Could not parse valid Likert response from: "
_POLICY_BLOCK = "violating our usage policy"
_CARRIED = ["correlations", "higher_pvq_correlations", "bfi_correlations"]
# Ids of the official data under which two people rated, by the part of the survey whose person has
# no scores: the file of scores holds one person an id. Whose they are follows from the published
# correlations.
_WITHOUT_SCORES = {("P186", 0): "P186-group-0"}


# Models that the paper's tables name otherwise than the files of their recordings.
_RECORDINGS = {
    "gpt-4o-mini": "gpt-4o-mini-2024-07-18",
    "o1-mini": "o1-mini-2024-09-12",
    "o3-mini": "o3-mini-2025-01-31",
    "claude-3-5-haiku": "claude-3-5-haiku-20241022",
    "claude-3-5-sonnet": "claude-3-5-sonnet-20241022",
    "claude-3-haiku": "claude-3-haiku-20240307",
    "claude-3-opus": "claude-3-opus-20240229",
    "claude-3-sonnet": "claude-3-sonnet-20240229",
    "claude-3.7-sonnet-thinking": "claude-3.7-sonnet:thinking",
    "mistral-small-v24.09": "mistral-small",
    "mistral-small-v25.01": "mistral-small-24b-instruct-2501",
}


@dataclass(frozen=True, eq=False)
class Instrument:
    """The items of Value Portrait with their value correlations.

    Attributes:
        card: the data card the files came from.
        items: I rows indexed by instance (`<query>-<response>`), with columns `query`,
            `title` (empty for messages without one), `text` and `response`.
        correlations: D x I Spearman correlations of each item's human ratings with the
            19 dimensions, in the order of `ALL_DIMENSIONS`.
        p_values: D x I, of the same.
        phrases: of the ratings 1 to 6, each with its variants, by which answers are read; None
            for the English ones.
    """

    card: Card
    items: pd.DataFrame
    correlations: FloatArray
    p_values: FloatArray
    phrases: tuple[tuple[str, ...], ...] | None = None

    @property
    def choices(self) -> tuple[str, ...]:
        """The six phrases that prompts offer, from 1 to 6."""
        return CHOICES if self.phrases is None else tuple(one[0] for one in self.phrases)

    @property
    def measured(self) -> tuple[str, ...]:
        """The dimensions that people were measured on: all 19, or those of one's own study."""
        known = np.isfinite(self.correlations)
        return tuple(name for name, row in zip(ALL_DIMENSIONS, known, strict=True) if row.any())

    def tagged(self, threshold: float = 0.3) -> npt.NDArray[np.bool_]:
        """D x I: whether an item counts for a dimension (r above the threshold, p < .05).

        Source: Value Portrait, section 3.4.1.
        """
        return (self.correlations > threshold) & (self.p_values < SIGNIFICANCE)

    def tagged_as_published(self, threshold: float = 0.3) -> npt.NDArray[np.bool_]:
        """D x I: whether the source's own scores count an item for a dimension.

        As `tagged`, but for the four higher-order values, where the source's scores leave out
        the condition on p that its paper has.
        """
        return as_published(self.correlations > threshold, self.p_values)

    def significant(self, threshold: float = 0.3) -> npt.NDArray[np.bool_]:
        """D x I: whether a correlation of either sign is strong and significant (section 3.2.3)."""
        return (np.abs(self.correlations) > threshold) & (self.p_values < SIGNIFICANCE)


def as_published(above: npt.NDArray[np.bool_], p_values: FloatArray) -> npt.NDArray[np.bool_]:
    """D x I tags of which those that fail p < .05 are taken off, but for higher-order values."""
    kept = p_values < SIGNIFICANCE
    kept[[ALL_DIMENSIONS.index(name) for name in HIGHER_ORDER]] = True
    return above & kept


def load_instrument(data: str = "official") -> Instrument:
    """Items and tags of the official instrument, of the sample, or of one that somebody built.

    Args:
        data: `official`, `sample`, or the folder that `valuegauge instrument build` wrote.

    Raises:
        UnknownNameError: for anything else.
        DataError: when files are missing, changed or do not fit each other.
    """
    return _load_instrument(data, _card(data).revision)


@lru_cache(maxsize=4)
def _load_instrument(data: str, revision: str) -> Instrument:
    card = _card(data)
    paths = fetch(card, ["items"])
    items = read_items(paths[TAGGED])
    correlations, p_values = read_correlations(paths, items.index)
    phrases = None
    if "phrases" in card.groups:
        found = read_json(fetch(card, ["phrases"])[OWN_PHRASES])
        phrases = tuple(tuple(variants) for variants in found)
    return Instrument(card, items, correlations, p_values, phrases)


def item_texts(data: str = "official") -> Mapping[str, Mapping[str, str]] | None:
    """What was asked (`query`) and the response that is rated (`response`), by instance.

    None where the items are not at hand; nothing is downloaded.
    """
    if sample_queries(data) is None:
        return None
    items = load_instrument(data).items
    fields = zip(items.index, items["title"], items["text"], items["response"], strict=True)
    return {
        str(instance): {"query": f"{title} {text}".strip(), "response": str(response)}
        for instance, title, text, response in fields
    }


def load_prompts(data: str = "official") -> Mapping[tuple[str, bool], str]:
    """Prompt templates by variant and by whether the item has a title."""
    return _load_prompts(data, _card(data).revision)


@lru_cache(maxsize=4)
def _load_prompts(data: str, revision: str) -> Mapping[tuple[str, bool], str]:
    paths = fetch(_card(data), ["prompts"])
    return {
        (variant, titled): read_text(paths[template_path(variant, titled)])
        for variant in VARIANTS
        for titled in (True, False)
    }


def render_prompt(template: str, item: Mapping[Hashable, Any]) -> str:
    """Put an item into a template. Whatever the item's text holds is sent as it is.

    >>> render_prompt("{title}: {text} -> {content}",
    ...               {"title": "A {text}", "text": "{b}", "response": "c"})
    'A {text}: {b} -> c'
    """
    parts = {"title": item["title"], "text": item["text"], "content": item["response"]}
    return fill(template, {name: str(part) for name, part in parts.items()})


def template_hash(prompts: Mapping[tuple[str, bool], str]) -> str:
    """SHA-256 over the templates, sorted by variant, those without a title first."""
    digest = hashlib.sha256()
    for key in sorted(prompts):
        digest.update(f"{key}\0{prompts[key]}\0".encode())
    return digest.hexdigest()


def sample_queries(data: str = "official") -> Mapping[str, str] | None:
    """The query of each item by instance; None where the items are not at hand."""
    return _sample_queries(data, _card(data).revision)


@lru_cache
def _sample_queries(data: str, revision: str) -> Mapping[str, str] | None:
    card = _card(data)
    if any(status.state != "good" for status in verify(card, ["items"])):
        return None
    queries = load_instrument(data).items["query"]
    return {str(instance): str(query) for instance, query in queries.items()}


def load_human_ratings(data: str = "official") -> RatingTable:
    """The ratings of people, with their questionnaire scores as rater columns.

    Rater columns are the 19 dimensions: PVQ-21 scores of the ten values and the four
    higher-order values, centred within the person, and raw BFI-10 scores of five traits.
    Instances are the items, with `group`, the part of the survey (from 0) that held them.

    Two people of the official data rated as `P186`. The one of group 0, here `P186-group-0`, has
    no scores: they are missing.

    Raises:
        DataError: when files are missing, changed or do not fit each other.
    """
    paths = fetch(_card(data), ["human_ratings"])
    scores = read_scores(paths[SCORES])
    without = _WITHOUT_SCORES if data == "official" else {}
    survey = read_survey(paths[SURVEY])
    people = zip(survey["rater"], survey["group"], strict=True)
    survey["rater"] = [without.get(person, person[0]) for person in people]
    missing = pd.DataFrame(np.nan, list(without.values()), list(ALL_DIMENSIONS))
    raters = pd.concat([scores, missing]).loc[survey["rater"].unique()]
    groups = survey.groupby("instance")["group"].first()
    instrument = load_instrument(data)
    items = instrument.items.assign(group=groups.reindex(instrument.items.index))
    return RatingTable(survey, raters, items, instrument.choices)


def recording_of(rater: str) -> str:
    """The recording of a model that the paper's tables name.

    >>> recording_of("o1-mini"), recording_of("mistral-tiny")
    ('o1-mini-2024-09-12', 'mistral-tiny')
    """
    return _RECORDINGS.get(rater, rater)


def recordings() -> list[str]:
    """Names of the models whose raw answers the source keeps."""
    groups = load_card(CARDS["official"]).groups
    return [group.removeprefix("recording/") for group in groups if group.startswith("recording/")]


def recordings_at_hand() -> list[str]:
    """Those of them whose files are on this machine, whole; nothing is downloaded."""
    card = load_card(CARDS["official"])
    return [
        name
        for name in recordings()
        if all(file.state == "good" for file in verify(card, [f"recording/{name}"]))
    ]


def load_recording(model: str) -> pd.DataFrame:
    """The recorded answers of one model: one row an item and variant.

    Columns: `instance`, `variant`, `prompt` (what the model was asked), `raw` (its answer;
    missing where the authors kept only an error), `error` (missing where there is an answer),
    `published` (the number the authors' parser read, missing where it failed) and `correlations`
    (r by dimension, as the row carries them; a row with an error may carry none).

    Raises:
        UnknownNameError: for a model without a recording; names the nearest.
    """
    if model not in recordings():
        raise unknown_name("recording", model, recordings())
    paths = fetch(load_card(CARDS["official"]), [f"recording/{model}"])
    frames = [
        pd.DataFrame(read_json(local)).assign(variant=_recorded_variant(path))
        for path, local in paths.items()
    ]
    frame = pd.concat(frames, ignore_index=True)
    instance = frame["portrait_id"].astype(str) + "-" + frame["option_id"].astype(str)
    columns = {"raw_response": "raw", "numeric_response": "published", "error": "error"}
    out = frame.reindex(columns=[*columns, "prompt", "variant"]).rename(columns=columns)
    carried = frame.reindex(columns=_CARRIED).itertuples(index=False)
    correlations = pd.Series(map(_correlations, carried), index=out.index, dtype=object)
    return out.assign(instance=instance, correlations=correlations)


def recorded_answer(raw: object, error: object) -> tuple[str, str]:
    """The text of a recorded answer and why it ended, or what a kept error says of it.

    Args:
        raw: the answer; missing where only an error is kept.
        error: the error; missing where there is an answer.

    >>> recorded_answer("like me", None)
    ('like me', 'stop')
    """
    if isinstance(raw, str):
        return raw, "stop"
    text = str(error)
    if text.startswith(_PARSE_FAILURE):
        return text.removeprefix(_PARSE_FAILURE), "stop"
    return "", "content_filter" if _POLICY_BLOCK in text else "unknown"


def recorded_tags(recording: pd.DataFrame, threshold: float = 0.3) -> npt.NDArray[np.bool_]:
    """D x I: the items that the source counts for each dimension in the tables of its paper.

    It takes the correlations that the recording itself carries, those of the row of the first
    variant. So an item whose first row holds an error without correlations counts for nothing.
    Otherwise as `Instrument.tagged_as_published`.

    Args:
        recording: as `load_recording` gives it.
        threshold: that a correlation must exceed.
    """
    instrument = load_instrument()
    order = recording["variant"].map(VARIANTS.index)
    first = recording.iloc[order.argsort(kind="stable")].drop_duplicates("instance")
    carried = dict(zip(first["instance"], first["correlations"], strict=True))
    above = np.array(
        [
            [carried.get(item, {}).get(name, 0.0) > threshold for item in instrument.items.index]
            for name in ALL_DIMENSIONS
        ]
    )
    return as_published(above, instrument.p_values)


def _correlations(lists: Sequence[object]) -> dict[str, float]:
    """The correlations of a row of a recording; lists of pairs, missing where it carries none."""
    there = (pairs for pairs in lists if isinstance(pairs, list))
    return {dimension_name(name): r for pairs in there for name, r in pairs}


def _card(data: str) -> Card:
    if data in CARDS:
        return load_card(CARDS[data])
    if is_own(data):
        return own_card(data)
    names = nearest_first(str(data), CARDS)
    raise UnknownNameError(
        f"unknown data {str(data)!r}; allowed (nearest first): {', '.join(names)}, or the folder "
        f"of an instrument, and there is no folder of this name",
        str(data),
        names,
    )


def _recorded_variant(path: str) -> str:
    found = [name for name in VARIANTS if path.endswith(f"_{name}_results.json")]
    if len(found) != 1:
        raise DataError(f"{path}: the file name does not end in a variant")
    return found[0]
