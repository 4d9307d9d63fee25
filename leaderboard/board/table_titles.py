"""Titles by which the tables of one benchmark are distinguished."""

from collections.abc import Mapping, Sequence
from typing import Any

_SHORT = 8  # letters of a hash


def titles_of(tables: Sequence[Mapping[str, Any]]) -> list[str]:
    """The title of each table; where several are alike, with that in which these differ.

    Versions and whether the data are a sample are shown next to a title wherever it is.
    """
    alike: dict[tuple[str, ...], list[dict[str, str]]] = {}
    named = []
    for table in tables:
        kind = (table["title"], table["comparability"], str(table["synthetic"]))
        about = _about(table)
        alike.setdefault(kind, []).append(about)
        named.append((kind, about))
    titles = []
    for kind, about in named:
        names = dict.fromkeys(name for other in alike[kind] for name in other)
        shown = [
            f"{name} {about.get(name, 'not set')}"
            for name in names
            if len({other.get(name) for other in alike[kind]}) > 1
        ]
        titles.append(f"{kind[0]} ({', '.join(shown)})" if shown else kind[0])
    return titles


def _about(table: Mapping[str, Any]) -> dict[str, str]:
    """What makes the runs of a table comparable, in few words."""
    settings = {name: str(value) for name, value in table["settings"].items()}
    about = {
        "data": table["card"]["id"],
        "revision": table["card"]["revision"],
        **dict(sorted(settings.items())),
        "template": (table["template_sha256"] or "")[:_SHORT],
        "survey": (table["survey_sha256"] or "")[:_SHORT],
    }
    return {name: str(value) for name, value in about.items() if value not in ("", None)}
