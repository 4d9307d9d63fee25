import hashlib
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from ratings.errors import DataMissingError, HashMismatchError, TermsError
from ratings.sources.cards import Card, CardFile
from ratings.sources.fetch import content_digest, fetch, verify
from ratings.sources.locations import cache_root

CONTENT = b"hello, world\n" * 1000


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        broken = "broken" in self.path
        self.send_response(404 if "absent" in self.path else 200)
        self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()
        if "absent" not in self.path:
            self.wfile.write(CONTENT[: len(CONTENT) // 2] if broken else CONTENT)

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=running.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    thread.join()
    running.server_close()


def make_card(address: str, path: str = "folder/a file.txt") -> Card:
    file = CardFile(path, len(CONTENT), sha256=hashlib.sha256(CONTENT).hexdigest())
    return Card(
        id="demo",
        title="A demo",
        homepage="https://example.org",
        licence="MIT",
        citation="Someone (2026)",
        revision="r1",
        counts={},
        groups={"a": (file,)},
        prose="# Demo",
        download=address + "/{revision}/{path}",
    )


@pytest.fixture(autouse=True)
def _no_mirror(mirror_or_none: Path | None, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("VALUEGAUGE_DATA", raising=False)
    monkeypatch.setattr("ratings.sources.download.FIRST_WAIT", 0.01)


def test_a_download_is_cached_and_found_again(server: str):
    card = make_card(server)
    (path,) = fetch(card, ["a"]).values()
    assert path == cache_root() / "demo" / "r1" / "folder" / "a file.txt"
    assert path.read_bytes() == CONTENT
    unreachable = replace(card, download="http://127.0.0.1:1/{path}")
    assert fetch(unreachable)["folder/a file.txt"] == path
    assert [status.state for status in verify(card)] == ["good"]


def test_the_mirror_comes_before_the_cache(server: str, tmp_path: Path, monkeypatch):
    card = make_card(server)
    fetch(card)
    mirrored = tmp_path / "demo" / "folder" / "a file.txt"
    mirrored.parent.mkdir(parents=True)
    mirrored.write_bytes(CONTENT)
    monkeypatch.setenv("VALUEGAUGE_DATA", str(tmp_path))
    assert fetch(card)["folder/a file.txt"] == mirrored


def test_a_broken_download_is_thrown_away(server: str):
    card = make_card(server, "broken.txt")
    with pytest.raises((HashMismatchError, DataMissingError)):
        fetch(card)
    assert [status.state for status in verify(card)] == ["missing"]
    assert list((cache_root() / "demo" / "r1").iterdir()) == []


def test_a_changed_file_is_reported_and_not_used(tmp_path: Path, monkeypatch):
    card = make_card("http://127.0.0.1:1")
    changed = tmp_path / "demo" / "folder" / "a file.txt"
    changed.parent.mkdir(parents=True)
    changed.write_bytes(b"something else")
    monkeypatch.setenv("VALUEGAUGE_DATA", str(tmp_path))
    with pytest.raises(HashMismatchError) as caught:
        fetch(card)
    message = str(caught.value)
    assert hashlib.sha256(CONTENT).hexdigest() in message
    assert hashlib.sha256(b"something else").hexdigest() in message
    assert str(changed) in message
    assert "Nothing was used" in message
    assert [status.state for status in verify(card)] == ["changed"]


@pytest.mark.parametrize("content", [CONTENT, b"another state of the file"])
def test_where_the_source_does_not_answer_the_hub_gives_the_same_file(
    content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "there.txt").write_bytes(content)
    asked = []

    def download(dataset: str, path: str, **where: str) -> str:
        asked.append((dataset, path, where["repo_type"]))
        return str(tmp_path / path)

    monkeypatch.setattr("huggingface_hub.hf_hub_download", download)
    card = make_card("http://127.0.0.1:1")
    (file,) = card.files()
    card = replace(card, hub="ann/tea", groups={"a": (replace(file, hub="there.txt"),)})
    if content == CONTENT:
        assert fetch(card)[file.path].read_bytes() == CONTENT
    else:
        with pytest.raises(HashMismatchError, match="was thrown away"):
            fetch(card)
        assert not list((cache_root() / "demo").rglob("*.*"))
    assert asked == [("ann/tea", "there.txt", "dataset")]


def test_nothing_anywhere_says_where_it_looked_and_what_to_do(server: str):
    with pytest.raises(DataMissingError) as caught:
        fetch(make_card("http://127.0.0.1:1"))
    message = str(caught.value)
    assert message.startswith("demo: folder/a file.txt not found in VALUEGAUGE_DATA (not set)")
    assert str(cache_root()) in message
    assert "no connection" in message
    assert "valuegauge data fetch demo" in message
    assert "\n" not in message
    with pytest.raises(DataMissingError, match="HTTP status 404"):
        fetch(make_card(server, "absent.txt"))


def test_terms_are_accepted_once(server: str):
    card = replace(make_card(server), terms="Do not pass it on.")
    with pytest.raises(
        TermsError, match="Do not pass it on. To accept them: valuegauge data fetch"
    ):
        fetch(card)
    fetch(card, accept_terms=True)
    for status in verify(card):
        status.path.unlink()
    assert fetch(card)


def test_a_git_blob_id_is_the_one_that_git_gives(tmp_path: Path):
    path = tmp_path / "file"
    path.write_bytes(CONTENT)
    by_git = subprocess.run(
        ["git", "hash-object", str(path)], capture_output=True, text=True, check=True
    )
    assert content_digest(path, "git_blob") == by_git.stdout.strip()


def test_files_of_other_sources_known_by_git_blob_alone_are_checked(mirror: Path, monkeypatch):
    monkeypatch.setenv("VALUEGAUGE_DATA", str(mirror))
    rows = (mirror / "prism" / "MANIFEST.tsv").read_text().splitlines()[1:]
    files = tuple(
        CardFile(path, git_blob=digest.removeprefix("git-blob:"))
        for path, _, digest in (row.split("\t") for row in rows)
        if digest.startswith("git-blob:") and (mirror / "prism" / path).is_file()
    )
    assert files
    card = replace(make_card("http://127.0.0.1:1"), id="prism", groups={"a": files})
    assert {status.state for status in verify(card)} == {"good"}
