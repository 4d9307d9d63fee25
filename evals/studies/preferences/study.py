"""The whole study of preferences on PRISM's tables."""

from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from evals.studies.findings import Finding
from evals.studies.preferences import explained, firmness, ranks, scores
from evals.studies.preferences.arena import arena
from evals.studies.preferences.attributes import distributions, stated
from evals.studies.preferences.settings import SUBSETS, PreferenceSettings
from evals.studies.prism_facts import prism_facts
from ratings.errors import DataError
from ratings.prism.container import Prism
from scorers.preferences.explanation.phrase_lists import load_phrases
from scorers.preferences.explanation.reply_features import reply_features
from scorers.preferences.replies import ScoredReplies
from scorers.preferences.tallies import Tallies


def preference_findings(
    prism: Prism,
    settings: PreferenceSettings,
    *,
    phrases: Path | None = None,
    battles: Path | None = None,
    names: Path | None = None,
) -> Iterator[Finding]:
    """What PRISM says of the models that people prefer, one finding after another.

    Ranks are of first turns, in which several models reply; what explains scores, of all
    conversations, as in the paper.

    Args:
        prism: survey, conversations and utterances.
        settings: of the study.
        phrases: lists of phrases in place of those that ship.
        battles: another arena's battles to compare with.
        names: their names of models and ours.

    Raises:
        DataError: when the data or a file is not as it should be, or too little to rank.
    """
    lists = load_phrases(None if phrases is None else str(phrases))
    chosen = subset_of(prism, settings.subset)
    openers = chosen.openers()
    replies = ScoredReplies.of(openers)
    tallies = Tallies.of(replies, settings.threshold)
    yield ranks.overall(tallies, settings)
    yield ranks.aggregations(tallies, settings)
    yield ranks.contexts(replies, openers["conversation_type"], settings)
    yield from ranks.groups(tallies, chosen.survey, settings)
    yield firmness.thresholds(replies, settings)
    yield firmness.regularisations(tallies)
    yield firmness.subsets(_subsets(prism, settings), settings)
    yield firmness.cohorts(replies, tallies, settings)
    if battles is not None:
        every = Tallies.of(ScoredReplies.of(prism.openers()), settings.threshold)
        yield arena(every, battles, names, settings)
    features = reply_features(prism.utterances, lists)
    yield explained.regression(prism.utterances, features)
    yield explained.chosen(prism.utterances, features, settings)
    yield scores.by_turn(prism.utterances, settings)
    yield scores.use_of_scale(prism.utterances, settings)
    yield scores.by_group(prism.openers(), prism.survey, settings)
    yield scores.frequencies(prism.openers(), settings)
    yield scores.pairs(prism.openers(), settings)
    yield stated(prism, settings)
    yield distributions(prism, settings)


def subset_of(prism: Prism, name: str) -> Prism:
    """The part of the data that a subset of `SUBSETS` names.

    Raises:
        DataError: when nothing is left.
    """
    take: dict[str, Callable[[], Prism]] = {
        "balanced": prism.balanced,
        "all": lambda: prism,
        "UK": lambda: prism.census("UK").balanced(),
        "US": lambda: prism.census("US").balanced(),
    }
    found = take[name]()
    if found.utterances.empty:
        raise DataError(f"the data have no conversations in the subset {name!r} ({SUBSETS[name]})")
    return found


def study_facts(prism: Prism, data: str, settings: PreferenceSettings) -> dict[str, Any]:
    """Settings and data of a study, for its JSON."""
    return prism_facts("preferences", prism, data, asdict(settings))


def _subsets(prism: Prism, settings: PreferenceSettings) -> dict[str, Tallies]:
    found = {}
    for name in SUBSETS:
        try:
            openers = subset_of(prism, name).openers()
        except DataError:
            continue
        found[name] = Tallies.of(ScoredReplies.of(openers), settings.threshold)
    return found
