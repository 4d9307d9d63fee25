"""A built instrument as a folder: card, data, prompts, human ratings, and the report on it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from evals.instruments.build import BuiltInstrument
from evals.instruments.build_findings import tag_counts
from evals.instruments.phrases import OwnPhrases
from evals.instruments.prompts import Prompts
from evals.studies.findings import Finding, write_findings
from ratings.errors import DataError
from ratings.instruments.own_instrument import CARD
from ratings.instruments.portrait_writing import card_text, instrument_files
from ratings.output.kept_folder import write_folder

REPORT = "report"


def refuse_taken(out: Path, force: bool) -> None:
    """Refuse to write where something is already, unless it is to be replaced.

    Raises:
        DataError: for a file, or a folder that is not empty.
    """
    if not out.exists():
        return
    if not out.is_dir():
        raise DataError(f"{out} is a file; name a folder")
    if any(out.iterdir()) and not force:
        raise DataError(f"{out} is not empty; name another folder, or add --force to replace it")


def write_instrument(
    out: Path,
    built: BuiltInstrument,
    prompts: Prompts,
    phrases: OwnPhrases | None,
    findings: Sequence[Finding],
) -> str:
    """Write the folder, all of it or nothing; what `run` of Value Portrait needs is in it.

    Returns:
        The revision: a hash of the files that a run reads.

    Raises:
        DataError: when a file of somebody else's would be overwritten.
    """
    files = instrument_files(built.table, built.correlations, prompts, phrases)
    card, revision = card_text(_front(built), _prose(built), files)

    def write(folder: Path) -> None:
        for path, content in {**files, CARD: card}.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content.encode())
        write_findings(folder / REPORT, "build", facts(built, revision), findings)

    write_folder(out, write)
    return revision


def facts(built: BuiltInstrument, revision: str) -> dict[str, Any]:
    """What the report says of the whole: name, counts, settings."""
    return {
        "study": "build",
        "name": built.name,
        "revision": revision,
        "synthetic": built.settings.synthetic,
        "seed": built.seed,
        "settings": asdict(built.settings),
        "counts": _counts(built),
    }


def _counts(built: BuiltInstrument) -> dict[str, int]:
    items = built.table.instances
    return {
        "queries": int(items["query"].nunique()),
        "items": len(items),
        "human_ratings": len(built.table.ratings),
        "human_raters": len(built.table.raters),
        **{f"{family}_tagged": int(t.tagged().sum()) for family, t in built.tags.items()},
    }


def _front(built: BuiltInstrument) -> Mapping[str, Any]:
    settings = built.settings
    title = settings.title or f"{built.name}: an instrument of one's own"
    return {
        "id": built.name,
        "title": title,
        "homepage": CARD,
        "licence": settings.licence,
        "citation": settings.citation or title,
        "synthetic": settings.synthetic,
        "counts": _counts(built),
    }


def _prose(built: BuiltInstrument) -> str:
    settings, counts = built.settings, tag_counts(built)
    rows = "\n".join(
        f"| {row.dimension} | {row.items} | {row.kept} |"
        for row in counts.rename(columns={"survive FDR": "kept"}).itertuples()
    )
    about = settings.about or (
        "Simulated raters: nobody rated these items." if settings.synthetic else ""
    )
    made = datetime.now(tz=UTC).date().isoformat()
    return f"""# {settings.title or built.name}

{about}

Built on {made} by `valuegauge instrument build` from ratings of {len(built.table.raters)} people
(of {len(built.study.raters)} who took part). Language: {settings.language}. How people rated each
item goes with their own scores; an item counts for a dimension where Spearman's r > .3 and p < .05.

| dimension | items that count | of these survive false-discovery control at 5 % |
| --- | --- | --- |
{rows}

Run it with `-T data=FOLDER`. The files are in the layout of Value Portrait's own source; the
`{REPORT}` folder says how the tags came about and how far they can be trusted.
"""
