"""What tools found in texts: language, personal details, and what a moderator would flag."""

from collections.abc import Iterator

import pandas as pd

from evals.studies.findings import Finding
from evals.studies.participants.draw import bars, bars_size
from evals.studies.participants.settings import ParticipantSettings
from scorers.participants.counts import row_shares

BY_MODEL = "model_response"
EVERY, HUMAN, MODEL = "every text", "by people", "by models"


def flag_findings(metadata: pd.DataFrame, settings: ParticipantSettings) -> Iterator[Finding]:
    """Flags, categories of moderation and languages.

    Args:
        metadata: one row a text, with `column_id`, `user_id` and the flags of the release.
        settings: of the study.
    """
    yield flags(metadata, settings)
    yield moderation(metadata, settings)
    yield languages(metadata, settings)


def flags(metadata: pd.DataFrame, settings: ParticipantSettings) -> Finding:
    """How many texts of each kind have each flag."""
    flagged = pd.DataFrame(
        {
            "English": metadata["en_flag"],
            "personal details": metadata["pii_flag"],
            "personal details, checked by hand": metadata["pii_manual_flag"],
            "moderation": _moderated(metadata),
        }
    ).astype(float)
    kinds = metadata["column_id"].astype(str)
    table = _by_part(
        flagged,
        metadata,
        {
            **_authors(metadata),
            **{kind: kinds.eq(kind) for kind in metadata["column_id"].cat.categories},
        },
        "flag",
        settings,
    )
    every = table[table["texts are"].eq(EVERY)].set_index("flag")
    said = ", ".join(f"{int(every.loc[name, 'flagged']):,} {name}" for name in every.index)
    return Finding(
        name="flags",
        title="What did tools find in the texts?",
        sentence=f"Of {len(metadata):,} texts: {said}.",
        table=table,
        notes=(
            "texts: that were looked at. Intervals of shares over other people: a person's texts, "
            "and the replies to them, come together.",
        ),
        rows=12,
    )


def moderation(metadata: pd.DataFrame, settings: ParticipantSettings) -> Finding:
    """Of what the moderator's tool accuses texts by people and by models."""
    said = metadata["moderation_flag"].map(_categories)
    categories = pd.DataFrame(said.tolist(), index=metadata.index).astype(float)
    table = _by_part(categories, metadata, _authors(metadata), "category", settings)
    human = table[table["texts are"].eq(HUMAN)]
    first = human.sort_values("flagged", ascending=False, kind="stable").head(1)
    sentence = "No text has categories."
    if len(first) and len(categories.columns):
        row = first.iloc[0]
        sentence = (
            f"People are flagged most for {row['category']}: {int(row['flagged']):,} of "
            f"{int(row['texts']):,} texts ({100 * row['share']:.2f}%)."
        )
    return Finding(
        name="moderation",
        title="Of what are texts accused?",
        sentence=sentence,
        table=table,
        notes=("A text can have several categories.",),
        draw=lambda axes: bars(axes, human, human["category"], "share", "share of people's texts"),
        size=bars_size(human),
        rows=len(table),
    )


def languages(metadata: pd.DataFrame, settings: ParticipantSettings) -> Finding:
    """In which languages people and models write, as a tool takes it."""
    known = metadata["language_flag"].astype(object)
    names = known.value_counts().index
    written = pd.DataFrame({name: known.eq(name).where(known.notna()) for name in names})
    table = _by_part(written.astype(float), metadata, _authors(metadata), "language", settings)
    table = table[table["flagged"].gt(0)].rename(columns={"flagged": "in it"})
    table = table.sort_values(
        ["texts are", "in it"], ascending=[True, False], kind="stable", ignore_index=True
    )
    count = table.groupby("texts are").size()
    people, models = (int(count.get(part, 0)) for part in (HUMAN, MODEL))
    return Finding(
        name="languages",
        title="In which languages are texts?",
        sentence=f"Languages that a tool takes texts for: {len(names)}; those of people: {people}, "
        f"those of models: {models}. Short texts are often taken for another language.",
        table=table,
        rows=settings.top,
    )


def _by_part(
    values: pd.DataFrame,
    metadata: pd.DataFrame,
    parts: dict[str, "pd.Series[bool]"],
    what: str,
    settings: ParticipantSettings,
) -> pd.DataFrame:
    """A row for each part and column of flags: texts, flagged, share and its interval."""
    tables = []
    for part, inside in parts.items():
        chosen, people = values[inside], metadata.loc[inside, "user_id"]
        found = row_shares(chosen, people, settings.seed, settings.replicates)
        found = found.rename_axis(what).reset_index().rename(columns={"rows": "texts"})
        tables.append(found.assign(**{"texts are": part}))
    table = pd.concat(tables, ignore_index=True)
    return table[["texts are", *table.columns.drop("texts are")]]


def _authors(metadata: pd.DataFrame) -> dict[str, "pd.Series[bool]"]:
    by_model = metadata["column_id"].astype(str).eq(BY_MODEL)
    return {EVERY: by_model | True, HUMAN: ~by_model, MODEL: by_model}


def _moderated(metadata: pd.DataFrame) -> "pd.Series[float]":
    """Whether a text is flagged; NaN where the tool said nothing."""
    said = metadata["moderation_flag"]
    return said.map(lambda one: float(one["flagged"]) if isinstance(one, dict) else float("nan"))


def _categories(said: object) -> dict[str, bool]:
    found = said.get("categories") if isinstance(said, dict) else None
    return found if isinstance(found, dict) else {}
