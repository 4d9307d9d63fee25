"""What people did: conversations, turns, and models that they rated."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from evals.reports.picture import BLUE
from evals.studies.findings import Finding
from evals.studies.participants.draw import bars, bars_size
from evals.studies.participants.settings import ParticipantSettings
from ratings.prism.codebook import CONVERSATION_TYPES
from ratings.prism.container import Prism
from scorers.participants.counts import count_summary, row_shares


def conversations(prism: Prism, settings: ParticipantSettings) -> Finding:
    """Conversations and models by person, and turns by conversation (Table 1 and Figure 1)."""
    talks, replies = prism.conversations, prism.utterances
    rated = replies[["user_id", "model_name"]].drop_duplicates()
    scored = replies["score"].notna().groupby(replies["user_id"]).sum()
    parts: dict[str, tuple[pd.Series, pd.Series]] = {}
    for name, counts in (
        ("conversations of a person", talks["user_id"].value_counts()),
        ("models that a person rated", rated["user_id"].value_counts()),
        ("replies scored by a person", scored),
    ):
        parts[name] = counts, counts.index.to_series()
    parts["turns of a conversation"] = talks["conversation_turns"], talks["user_id"]
    table = pd.concat(
        [
            count_summary(values, people, settings.seed, settings.replicates).assign(what=name)
            for name, (values, people) in parts.items()
        ],
        ignore_index=True,
    )
    table = table[["what", *table.columns.drop("what")]]
    average = table.set_index("what")["mean"]
    sentence = "Nobody held a conversation."
    if len(talks):
        sentence = (
            f"A person held {average['conversations of a person']:.2f} conversations of "
            f"{average['turns of a conversation']:.2f} turns and rated "
            f"{average['models that a person rated']:.1f} models, on average; "
            f"{replies['interaction_id'].nunique():,} turns and {len(replies):,} replies in all."
        )
    return Finding(
        name="conversations",
        title="How much did people say?",
        sentence=sentence,
        table=table,
        notes=("Of people who held a conversation; intervals of means over other people.",),
        draw=(lambda axes: _draw_turns(axes, talks["conversation_turns"])) if len(talks) else None,
        rows=len(table),
    )


def types(prism: Prism, settings: ParticipantSettings) -> Finding:
    """How many conversations are of each type."""
    talks = prism.conversations
    kinds = list(CONVERSATION_TYPES)
    flags = pd.DataFrame({kind: talks["conversation_type"].eq(kind).to_numpy() for kind in kinds})
    shares = row_shares(flags, talks["user_id"], settings.seed, settings.replicates)
    table = shares.drop(columns=["rows", "people"]).rename_axis("type").reset_index()
    table = table.rename(columns={"flagged": "conversations"})
    table["people"] = [
        int(talks.loc[flags[kind].to_numpy(), "user_id"].nunique()) for kind in kinds
    ]
    said = ", ".join(f"{row['conversations']:,} {row['type']}" for row in table.to_dict("records"))
    return Finding(
        name="conversation_types",
        title="What kinds of conversation did people hold?",
        sentence=f"{said}.",
        table=table,
        notes=("people: who held a conversation of the type; intervals over other people.",),
    )


def models(prism: Prism, settings: ParticipantSettings) -> Finding:
    """How many people and conversations each model has (Table 1)."""
    met = prism.utterances[["user_id", "conversation_id", "model_name", "model_provider"]]
    met = met.drop_duplicates(["conversation_id", "model_name"])
    people = int(met["user_id"].nunique())
    by_model = met.groupby("model_name", observed=True)
    table = pd.DataFrame(
        {
            "provider": by_model["model_provider"].first().astype(str),
            "conversations": by_model.size(),
            "raters": by_model["user_id"].nunique(),
        }
    )
    table["share of people"] = table["raters"] / (people or np.nan)
    table = table.sort_values("raters", ascending=False, kind="stable").rename_axis("model")
    table = table.reset_index()
    sentence = "No model was rated."
    if len(table):
        raters, talks = table["raters"], table["conversations"]
        sentence = (
            f"{len(table)} models of {table['provider'].nunique()} providers have "
            f"{raters.mean():,.1f} raters (sd {raters.std():.1f}, {raters.min():,} to "
            f"{raters.max():,}) and {talks.mean():,.1f} conversations (sd {talks.std():.1f}, "
            f"{talks.min():,} to {talks.max():,})."
        )
    return Finding(
        name="models",
        title="How many people rated each model?",
        sentence=sentence,
        table=table,
        notes=("conversations: in which a reply of the model was shown.",),
        draw=(lambda axes: bars(axes, table, table["model"].astype(str), "raters", "people"))
        if len(table)
        else None,
        size=bars_size(table),
        rows=len(table),
    )


def _draw_turns(axes: Axes, turns: "pd.Series[int]") -> None:
    counts = turns.value_counts().sort_index()
    axes.bar(counts.index, counts.to_numpy(), color=BLUE)
    axes.set_xlabel("turns of a conversation")
    axes.set_ylabel("conversations")
