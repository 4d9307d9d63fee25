"""A log is refused by its depth, size or expansion before anything is built of it."""

import io
import json
import resource
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from scorers.inspect_adapter import log_bounds
from scorers.inspect_adapter.log_bounds import OutOfBoundsError, require_bounds
from tests.leaderboard.made_logs import choice_log, portrait_log

any_json = st.recursive(
    st.none() | st.integers() | st.text('[]{},"\\ a', max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text('[]"\\,'), inner, max_size=4)
    ),
    max_leaves=30,
)


def counted(found: object, depth: int = 1) -> tuple[int, int]:
    """Lists, objects and commas between values, and the levels."""
    if not isinstance(found, list | dict):
        return 0, depth - 1
    inner = [
        counted(one, depth + 1) for one in (found.values() if isinstance(found, dict) else found)
    ]
    number = 1 + max(0, len(inner) - 1) + sum(one for one, _ in inner)
    return number, max([depth, *(level for _, level in inner)])


@given(found=any_json, steps=st.lists(st.integers(1, 9), min_size=1, max_size=5))
def test_what_is_counted_is_what_a_parser_builds(found: object, steps: list[int]):
    """In chunks of any size, with brackets, quotes and backslashes in texts and names."""
    text = json.dumps(found).encode()
    nesting = log_bounds._Nesting(10**9)
    at, deepest = 0, 0
    while at < len(text):
        step = steps[at % len(steps)]
        nesting.count(text[at : at + step])
        deepest = max(deepest, nesting._depth)
        at += step
    values, levels = counted(found)
    assert nesting._values == values
    assert nesting._depth == 0
    assert deepest <= levels


def packed(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


DEEP = b"[" * 400_000
SPACES = b"[" + b" " * (3 << 20)


def with_size(whole: bytes, said: int) -> bytes:
    """A zip file whose members claim another unpacked size."""
    real = len(SPACES).to_bytes(4, "little")
    assert real in whole
    return whole.replace(real, said.to_bytes(4, "little"))


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("deep.json", DEEP, "nested more than 200 levels deep"),
        ("deep.eval", packed({"header.json": DEEP, "summaries.json": b"[]"}), "200 levels deep"),
        ("deep2.eval", packed({"header.json": b"{}", "summaries.json": DEEP}), "200 levels deep"),
        ("stored.eval", packed({"header.json": DEEP}, zipfile.ZIP_STORED), "200 levels deep"),
        ("bomb.eval", packed({"header.json": SPACES}), "unpacks to more than 1,048,576 bytes"),
        ("lies.eval", with_size(packed({"header.json": SPACES}), 10), "unpacks to more than"),
        ("journal.eval", packed({"_journal/start.json": SPACES}), "unpacks to more than"),
        (
            "number.eval",
            packed({"_journal/start.json": b"{}", "_journal/summaries/99999999999.json": b"[]"}),
            "has 1 parts of a journal, one of which is number 99999999999",
        ),
        ("wide.json", b"[" + b"1," * 60_000 + b"1]", "more than 50,000 values"),
        ("long.json", b'"' + b"x" * (9 << 20) + b'"', "and the most that is read is 8,388,608"),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value else "",
)
def test_each_bound_is_named(
    name: str, content: bytes, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(log_bounds, "MOST_UNPACKED", 1 << 20)
    monkeypatch.setattr(log_bounds, "MOST_JSON", 8 << 20)
    monkeypatch.setattr(log_bounds, "MOST_VALUES_JSON", 50_000)
    (tmp_path / name).write_bytes(content)
    with pytest.raises(OutOfBoundsError, match=told):
        require_bounds(tmp_path / name)


def test_a_frame_of_zstandard_is_unpacked_no_further_than_the_bound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Inspect writes `.eval` files with it; `zipfile` here only writes the method's number."""
    monkeypatch.setattr(log_bounds, "MOST_UNPACKED", 1 << 20)
    frame = zstandard.ZstdCompressor().compress(SPACES)
    whole = packed({"header.json": frame}, zipfile.ZIP_STORED)
    stored, zstd = (0).to_bytes(2, "little"), (93).to_bytes(2, "little")
    local, central = whole.index(b"PK\3\4") + 8, whole.index(b"PK\1\2") + 10
    for at in (local, central):
        assert whole[at : at + 2] == stored
        whole = whole[:at] + zstd + whole[at + 2 :]
    (tmp_path / "bomb.eval").write_bytes(whole)
    with pytest.raises(OutOfBoundsError, match="unpacks to more than 1,048,576"):
        require_bounds(tmp_path / "bomb.eval")


def test_full_logs_pass_by_a_factor_of_ten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """An eighth of 800 people in three probe sets of 39 questions; every item of a sample."""
    logs = [
        choice_log(tmp_path / "people.eval", people=100, questions=39),
        portrait_log(tmp_path / "items.eval"),
        portrait_log(tmp_path / "items.json"),
    ]
    for name in ("MOST_UNPACKED", "MOST_JSON", "DEEPEST", "MOST_VALUES", "MOST_VALUES_JSON"):
        monkeypatch.setattr(
            log_bounds, name, getattr(log_bounds, name) // (10 if name == "DEEPEST" else 80)
        )
    for log in logs:
        require_bounds(log, samples=True)


def test_brackets_in_an_answer_are_text(tmp_path: Path):
    answer = json.dumps({"text": '["\\' * 100_000, "more": "{" * 100_000})
    (tmp_path / "loop.json").write_text(answer, encoding="utf-8")
    require_bounds(tmp_path / "loop.json")


@pytest.mark.processes
def test_a_deep_log_is_refused_in_little_memory(tmp_path: Path):
    """400 kB of brackets, which took 10 GB; here the command has one and a half."""
    (tmp_path / "deep.json").write_bytes(b'{"version": 2, "status": ' + DEEP)

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (1536 << 20, 1536 << 20))

    done = subprocess.run(
        [sys.executable, "-m", "evals.cli.main", "show", str(tmp_path / "deep.json")],
        capture_output=True, text=True, check=False, preexec_fn=limit,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (3, "")
    assert "is nested more than 200 levels deep, the most that is read" in done.stderr
    assert done.stderr.count("\n") == 1
