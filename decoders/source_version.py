"""A version that changes whenever the code that makes fits does."""

import hashlib
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable

_PARTS = (
    "decoders/cluster_raters.py",
    "decoders/fit_split.py",
    "ratings/prepared.py",
    "ratings/representations",
    "ratings/splits.py",
)


@lru_cache
def source_version(family: str) -> str:
    """Hash of the source of everything between a data set and a distribution, 12 digits.

    Args:
        family: folder of the family below `decoders`.
    """
    digest = hashlib.sha256()
    for part in (f"decoders/{family}", *_PARTS):
        package, _, rest = part.partition("/")
        place = resources.files(package)
        for name in filter(None, rest.split("/")):
            place = place / name
        for name, text in sorted(_sources(place)):
            digest.update(f"{name}\0{text}\0".encode())
    return digest.hexdigest()[:12]


def _sources(place: Traversable) -> list[tuple[str, str]]:
    if place.is_file():
        source = place.name.endswith(".py")
        return [(place.name, place.read_text(encoding="utf-8"))] if source else []
    found = [(place.name, one) for one in place.iterdir()]
    return [(f"{folder}/{name}", text) for folder, one in found for name, text in _sources(one)]
