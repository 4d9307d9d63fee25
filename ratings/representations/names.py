"""Names of representations: what is given about a rater, components joined with `+`.

- `none`: nothing.
- `demographics`: all that the rater said of themselves; `demographics:<column>`: one column of it.
- `examples:<n>`: the first n of the rater's fit ratings; `examples:max`: all of them.
- `profile:<run>`: the text that an encoder wrote from the fit ratings.
- `measured`: scores of the first questionnaire; `measured:<questionnaire>`: of another.
- `groundtruth`: a text that is known to describe the rater.
- `cluster:<k>(<any>)`: which of k clusters the fit ratings put the rater into, each described by
  what is given about one training rater; `cluster:<k>`: by the profiles among the study's
  representations, and where there are none by `examples:max`.
- `shuffled(<any>)`: the same given to the wrong rater, which must carry nothing.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ratings.errors import DataError, unknown_name

MAX = "max"
_PLAIN = ("none", "demographics", "examples", "profile", "measured", "groundtruth")
KINDS = (*_PLAIN, "cluster", "shuffled")
NEEDS_ARGUMENT = {"examples", "profile", "cluster"}
_TAKES_NONE = {"none", "groundtruth", "shuffled"}


@dataclass(frozen=True)
class Component:
    """One component: its kind, what follows the colon, and what is in parentheses."""

    kind: str
    argument: str = ""
    inner: "Representation | None" = None

    @property
    def name(self) -> str:
        """As it is written."""
        colon = f":{self.argument}" if self.argument else ""
        return f"{self.kind}{colon}" + (f"({self.inner.name})" if self.inner else "")

    @property
    def number(self) -> int | None:
        """The number after the colon; None for `max`."""
        return None if self.argument == MAX else int(self.argument)


@dataclass(frozen=True)
class Representation:
    """Components that are given together."""

    components: tuple[Component, ...]

    @property
    def name(self) -> str:
        """As it is written."""
        return "+".join(part.name for part in self.components)

    def kinds(self) -> set[str]:
        """Every kind that it holds, in parentheses too."""
        found = {part.kind for part in self.components}
        return found.union(*(part.inner.kinds() for part in self.components if part.inner))


NONE = Representation((Component("none"),))


def parse_representation(name: str) -> Representation:
    """A representation from its name.

    >>> parse_representation("measured+examples:4").components[1]
    Component(kind='examples', argument='4', inner=None)
    >>> sorted(parse_representation("shuffled(measured)").kinds())
    ['measured', 'shuffled']

    Raises:
        DataError: when it is not one.
        UnknownNameError: for an unknown kind; names the nearest.
    """
    return Representation(tuple(_part(text.strip(), name) for text in _split_at(name, "+", name)))


def parse_representations(names: str) -> list[Representation]:
    """Representations from a list with commas, each once, in the order given.

    >>> [one.name for one in parse_representations("none, shuffled(measured+examples:1)")]
    ['none', 'shuffled(measured+examples:1)']
    """
    found = [parse_representation(text.strip()) for text in _split_at(names, ",", names)]
    return list(dict.fromkeys(found))


def describe_clusters(found: Sequence[Representation]) -> list[Representation]:
    """The same, in which each `cluster:<k>` names the profiles that are given, if any are.

    These are those of the profile run, or where there is none the ground truth.

    >>> [one.name for one in describe_clusters(parse_representations("profile:a,cluster:2"))]
    ['profile:a', 'cluster:2(profile:a)']

    Source: Value Profiles, section 6.

    Raises:
        DataError: when several runs are given, and it is not said which describes the clusters.
    """
    parts = [part for one in found for part in _every_part(one)]
    bare = [part for part in parts if part.kind == "cluster" and part.inner is None]
    of_kind = [[part for part in parts if part.kind == kind] for kind in ("profile", "groundtruth")]
    profiles = list(dict.fromkeys(next(filter(None, of_kind), [])))
    if not bare or not profiles:
        return list(found)
    if len(profiles) > 1:
        raise DataError(
            f"{bare[0].name}: profiles of several runs are given, {profiles[0].name} and "
            f"{profiles[1].name}; name those that describe the clusters, as in "
            f"{bare[0].name}({profiles[0].name})"
        )
    inner = Representation((profiles[0],))
    return list(dict.fromkeys(_described(one, inner) for one in found))


def most_examples(found: Sequence[Representation]) -> Representation | None:
    """The one that is examples alone, of all of these, and the most of them; None without any."""

    def size(one: Representation) -> float:
        number = one.components[0].number
        return float("inf") if number is None else number

    alone = [
        one for one in found if len(one.components) == 1 and one.components[0].kind == "examples"
    ]
    return max(alone, key=size) if alone else None


def canonical(name: Any) -> str:  # noqa: ANN401 - whatever a command line gave
    """The name as it is always written.

    >>> canonical(" measured + examples:max ")
    'measured+examples:max'
    """
    return parse_representation(str(name)).name


def _every_part(found: Representation) -> Iterator[Component]:
    for part in found.components:
        yield part
        if part.inner is not None:
            yield from _every_part(part.inner)


def _described(found: Representation, inner: Representation) -> Representation:
    def described(part: Component) -> Component:
        if part.inner is not None:
            return replace(part, inner=_described(part.inner, inner))
        return replace(part, inner=inner) if part.kind == "cluster" else part

    return Representation(tuple(map(described, found.components)))


def _split_at(text: str, mark: str, whole: str) -> list[str]:
    """Cut at a mark outside parentheses."""
    if not text.strip():
        raise DataError(f"representation {whole!r}: nothing is named")
    depth, out = 0, [""]
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        if depth < 0:
            break
        if letter == mark and depth == 0:
            out.append("")
        else:
            out[-1] += letter
    if depth:
        raise DataError(f"representation {whole!r}: the parentheses do not match")
    if not all(part.strip() for part in out):
        raise DataError(f"representation {whole!r}: nothing is before or after a {mark!r}")
    return out


def _part(text: str, whole: str) -> Component:
    found = re.fullmatch(r"(\w+)(?::([^()]*))?(?:\((.*)\))?", text, flags=re.DOTALL)
    if not found:
        raise DataError(f"representation {whole!r}: {text!r} cannot be read")
    kind, argument, inner = found[1], (found[2] or "").strip(), found[3]
    if kind not in KINDS:
        raise unknown_name("representation", kind, KINDS)
    if kind in NEEDS_ARGUMENT and not argument:
        raise DataError(f"representation {whole!r}: {kind} needs something after a colon")
    if kind in _TAKES_NONE and argument:
        raise DataError(f"representation {whole!r}: {kind} takes nothing after a colon")
    lacks = kind == "shuffled" and inner is None
    if lacks or (kind in _PLAIN and inner is not None):
        raise DataError(
            f"representation {whole!r}: parentheses belong after shuffled, "
            f"or after cluster:<k>, and after nothing else"
        )
    if inner is not None and not inner.strip():
        raise DataError(f"representation {whole!r}: nothing is in the parentheses")
    if kind in ("examples", "cluster"):
        argument = _number(kind, argument, whole)
    return Component(kind, argument, None if inner is None else parse_representation(inner))


def _number(kind: str, argument: str, whole: str) -> str:
    """The number after the colon as it is always written."""
    if argument == MAX and kind == "examples":
        return argument
    least = 1 if kind == "examples" else 2
    if not (argument.isascii() and argument.isdigit() and int(argument) >= least):
        also = " or max" if kind == "examples" else ""
        raise DataError(
            f"representation {whole!r}: {kind} takes a whole number from {least}{also}, "
            f"found {argument!r}"
        )
    return str(int(argument))
