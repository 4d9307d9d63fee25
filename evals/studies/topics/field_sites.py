"""Field sites: nearly the same replies to nearly the same prompts, and how apart scores are."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from evals.studies.findings import Finding
from ratings.arrays import IntArray
from ratings.prism.container import OPENING_TURN, Prism
from scorers.neighbourhoods.field_sites import field_sites
from scorers.neighbourhoods.greetings import greeting_topics, is_greeting
from scorers.neighbourhoods.spread import summary

SHOWN = 0.125  # threshold of the paper's main results
WIDEST = (0.0, 99.0)  # ranges of scores from 1 to 100
ALL, NO_GREETINGS, RELEASED = "all", "no greetings", "no greetings, released"
_COUNTED = {
    "range": WIDEST, "size": (2, np.inf), "people": (1, np.inf), "models": (1, np.inf),
    "providers": (1, np.inf),
}  # fmt: skip


def field_site_finding(
    prism: Prism,
    of_prompts: Mapping[float, IntArray],
    of_replies: Mapping[float, IntArray],
    topic: IntArray | None,
    replicates: int,
    seed: int,
) -> Finding:
    """Table 24, with and without greetings.

    Args:
        prism: conversations and utterances.
        of_prompts: by threshold, the cluster of each of C opening prompts.
        of_replies: by threshold, the cluster of each of N replies, of all turns.
        topic: C, the topic of each opening prompt, negative for none.
        replicates: of the bootstrap.
        seed: of the bootstrap.
    """
    first = prism.utterances["turn"].eq(OPENING_TURN).to_numpy()
    openers = prism.utterances[first]
    prompts = prism.conversations["opening_prompt"].fillna("").astype(str)
    greeting = prompts.map(is_greeting).to_numpy(bool)
    greetings = frozenset() if topic is None else greeting_topics(greeting, topic)
    rows = []
    for threshold, cluster in of_prompts.items():
        sites = field_sites(
            openers, prism.conversations, cluster, of_replies[threshold][first], greeting, topic
        )
        parts = {ALL: sites, NO_GREETINGS: sites[~sites["greeting"]]}
        if topic is not None:
            named = sites["topic"].ge(0) & ~sites["topic"].isin(greetings)
            parts[RELEASED] = sites[named]
        for name, part in parts.items():
            row = {"threshold": threshold, "prompts": name, "sites": len(part)}
            rows.append(row | _measured(part, replicates, seed))
    found = pd.DataFrame(rows)
    return Finding(
        name="field_sites",
        title="How differently are nearly the same replies scored?",
        sentence=_sentence(found),
        table=found,
        notes=(
            "A field site: two replies of first turns or more that are in one cluster of replies "
            "of all turns, to prompts of one neighbourhood. range: largest score less smallest; "
            "people, models, providers: how many. Intervals are over neighbourhoods of prompts.",
            f"{NO_GREETINGS}: without sites whose prompts mostly greet and ask nothing (in "
            "English). released: without those whose commonest topic is of greetings, or none.",
        ),
        columns=("threshold", "prompts", "sites", "range", "size", "people", "models", "providers"),
        rows=len(found),
    )


def _measured(sites: pd.DataFrame, replicates: int, seed: int) -> dict[str, float]:
    row: dict[str, float] = {}
    for name, ends in _COUNTED.items():
        of = summary(sites[name], sites["prompts"], seed, replicates, ends)
        row |= {f"{name}{end}": of[f"mean{end}"] for end in ("", " low", " high")}
        row |= {f"{name} sd": of["sd"], f"{name} largest": of["largest"]}
    return row


def _sentence(found: pd.DataFrame) -> str:
    nearest = np.abs(found["threshold"] - SHOWN).min()
    main = found[np.abs(found["threshold"] - SHOWN).eq(nearest)].set_index("prompts")
    every, others = main.loc[ALL], main.loc[NO_GREETINGS]
    if np.isnan(every["range"]):
        return (
            f"No field site has two scored replies at a cosine distance of {every['threshold']:g}."
        )
    without = "no other has two scores"
    if not np.isnan(others["range"]):
        without = f"{others['range']:.0f} in the {others['sites']:.0f} without greetings"
    return (
        f"In {every['sites']:.0f} field sites, where replies and prompts are nearly the same, "
        f"scores are {every['range']:.0f} points apart on average; {without}."
    )
