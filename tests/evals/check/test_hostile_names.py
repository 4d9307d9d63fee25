"""Names that anyone may have given, in everything that a check and a history show."""

import json
import re
import unicodedata
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from evals.check.baseline import baseline_run
from evals.check.change_check import check_run
from evals.check.check_picture import draw_check
from evals.check.check_text import annotations, junit, markdown
from evals.check.history import draw_history, read_history
from evals.check.regression import Regression
from evals.cli.main import main
from scorers.inspect_adapter.run_log import read_run
from tests.leaderboard.made_logs import portrait_log, portrait_ratings

HOSTILE = [
    "<script>alert(1)</script>",
    "=cmd()|'/c calc'!A1",
    "x" * 300,
    "\u202eback \u05d0\u05d1",
    "a\x00b\x1b[31m\x07",
    "$\\frac{$ two\nlines | `x` [a](http://b.c) [red]r[/red]",
]


@pytest.fixture(scope="module")
def found(tmp_path_factory) -> Regression:
    folder = tmp_path_factory.mktemp("checked")
    typical = np.full((120, 6), 20)
    old, new = (
        read_run(portrait_log(folder / f"{name}.eval", name, ratings=ratings, characters=lengths))
        for name, ratings, lengths in (
            ("old", portrait_ratings(0, 120), typical),
            ("new", np.clip(portrait_ratings(0, 120) + 1, 1, 6), 2 * typical),
        )
    )
    return check_run([new], baseline_run(old))


def named(found: Regression, name: str) -> Regression:
    """The check with a name in every position that has one."""
    moved = [
        replace(
            check,
            name=name,
            moved_items=tuple(replace(item, instance=name) for item in check.moved_items),
        )
        for check in found.scores
    ]
    return replace(
        found,
        benchmark=name,
        before=name,
        after=name,
        log=name,
        unit=name,
        sentence=f"{name} moved",
        scores=moved,
        statuses={name: (0.0, 50.0)},
        changed_items={name: 0.5},
        lengths=replace(found.lengths, samples={name: (20.0, 40.0)}),
    )


def shows_nothing(text: str) -> set[str]:
    """Characters of a text that hide or turn what is next to them."""
    return {sign for sign in text if unicodedata.category(sign) in ("Cc", "Cf", "Cs")} - {"\n"}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_check_shows_any_name(found: Regression, name: str, tmp_path: Path):
    hostile = named(found, name)
    text = markdown(hostile)
    assert "<script" not in text
    assert not shows_nothing(text)
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    assert len(lines) == 2 + len(found.scores)
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in lines} == {11}
    assert not re.search(r"(?<!\\)[`\[]", text)
    root = ElementTree.fromstring(junit([hostile]))
    assert len(root.findall("testsuite/testcase")) == 2 + len(found.scores)
    commands = annotations([hostile])
    assert all(re.match(r"::(error|notice) title=[^:,]*::", one) for one in commands)
    assert not any("\n" in one for one in commands)
    draw_check(tmp_path / "c.svg", [hostile])
    picture = (tmp_path / "c.svg").read_text()
    assert "<script" not in picture
    assert not shows_nothing(picture)
    ElementTree.fromstring(picture)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_history_shows_any_name(found: Regression, name: str, tmp_path: Path, capsys):
    other = replace(named(found, name), benchmark=found.benchmark)
    for number, one in enumerate((found, found, other)):
        checked = replace(one, started=f"2026-01-0{number + 1}", log=f"{number}.eval")
        (tmp_path / f"{number}.json").write_text(json.dumps([checked.as_json()]))
    series = read_history(tmp_path)
    assert len(series) == 2
    draw_history(tmp_path / "h.svg", series)
    picture = (tmp_path / "h.svg").read_text()
    assert "<script" not in picture
    assert not shows_nothing(picture)
    ElementTree.fromstring(picture)
    for more in ((), ("--json",)):
        with pytest.raises(SystemExit):
            main(["history", str(tmp_path), *more])
        printed = capsys.readouterr()
        assert printed.err.count("\n") == 1
        assert not shows_nothing(printed.out)
        if more:
            assert name in {one["model"] for one in json.loads(printed.out)}
