"""Real logs, damaged by a seed: values of another type or size, lost fields, broken files."""

import copy
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from tests.evaluate import evaluate

LAYOUTS = ("variants", "choices", "predictions")


def real_log(layout: str, folder: Path, format: str = "json", model: str | None = None) -> Path:
    """The log of a small run of a benchmark of a layout, as `inspect eval` leaves it."""
    from benchmarks.indie_value.task import indie_value
    from benchmarks.value_portrait.task import value_portrait
    from benchmarks.value_profiles.decode_ratings import decode_ratings

    makers: dict[str, Any] = {
        "variants": (lambda: value_portrait(data="sample"), "respondent/power"),
        "choices": (lambda: indie_value(data="sample"), "respondent/0.7"),
        "predictions": (lambda: decode_ratings(data="planted"), "respondent/follows"),
    }
    make, respondent = makers[layout]
    (done,) = evaluate(
        make(), model=model or respondent, limit=6, log_dir=str(folder), log_format=format
    )
    assert done.status == "success", done.error
    return Path(done.location)


def damaged(log: Path, seed: int) -> tuple[bytes, str]:
    """The bytes of a log with one thing broken, and what it is.

    Most seeds change one value of what is read, a fifth of them break the file itself.
    """
    rng = np.random.default_rng([seed, 11])
    if rng.random() < 0.2:
        return _broken_file(log.read_bytes(), rng)
    if log.suffix == ".json":
        found = json.loads(log.read_text(encoding="utf-8"))
        damage = _damage(found, rng)
        return json.dumps(found).encode(), damage
    with zipfile.ZipFile(log) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = str(rng.choice(["header.json", "summaries.json", "summaries.json"]))
    content = json.loads(members[name])
    damage = f"{name}: {_damage(content, rng)}"
    members[name] = json.dumps(content).encode()
    return _packed(members), damage


def _packed(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def _broken_file(whole: bytes, rng: np.random.Generator) -> tuple[bytes, str]:
    at = int(rng.integers(0, len(whole)))
    match int(rng.integers(0, 4)):
        case 0:
            return whole[:at], f"cut after {at} bytes"
        case 1:
            return whole[:at] + rng.bytes(40) + whole[at + 40 :], f"noise at {at}"
        case 2:
            return whole[at:], f"begins at byte {at}"
        case _:
            return whole[:at] + b"[" * 100_000 + whole[at:], f"brackets at {at}"


def _damage(found: Any, rng: np.random.Generator) -> str:
    """Change one value, wherever it lies, but mostly where a reader looks."""
    positions = [
        position
        for position in _places(found)
        if not {"events", "messages", "params"} & set(position)
    ]
    deep = [p for p in positions if {"scores", "metadata", "task_args", "stats", "id"} & set(p)]
    position = _one_of(deep if deep and rng.random() < 0.8 else positions, rng)
    holder = found
    for step in position[:-1]:
        holder = holder[step]
    old, last = holder[position[-1]], position[-1]
    where = ".".join(map(str, position))
    if rng.random() < 0.15:
        del holder[last]
        return f"{where} lost"
    if isinstance(holder, list) and rng.random() < 0.2:
        holder.append(copy.deepcopy(old))
        return f"{where} repeated"
    holder[last] = _one_of(_values(old), rng)
    return f"{where} = {holder[last]!r:.60}"


def _values(old: Any) -> list[Any]:
    nested: Any = "x"
    for _ in range(50):
        nested = [nested]
    return [
        None, True, False, 0, -1, 99, 3.5, 10**400, -(10**30), 1e308, float("nan"), float("inf"),
        "", "text", "1", "\ud800", "\x00", "x" * 100_000, "../../etc", [], [None], [1, "a"], {},
        {"a": 1}, {"": None}, nested, [old], {"old": old}, str(old), "9" * 5000,
    ]  # fmt: skip


def _places(found: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    steps = (
        found.items()
        if isinstance(found, dict)
        else enumerate(found)
        if isinstance(found, list)
        else ()
    )
    for step, inner in steps:
        yield (*above, step)
        yield from _places(inner, (*above, step))


def _one_of(found: list[Any], rng: np.random.Generator) -> Any:
    return found[int(rng.integers(0, len(found)))]
