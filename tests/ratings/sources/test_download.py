"""Downloads over a bad network, by several processes, and by processes that are killed."""

import hashlib
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from ratings.errors import DataError, DataMissingError, HashMismatchError
from ratings.sources import download as downloads
from ratings.sources.cards import Card, CardFile
from ratings.sources.fetch import fetch
from ratings.sources.locations import cache_root

CONTENT = bytes(range(256)) * 400  # 100 kB
HALF = len(CONTENT) // 2
ROOT = Path(__file__).parents[3]


@dataclass
class Server:
    """A server that answers each request by the next of its ways, the last one for ever."""

    ways: list[Callable[["Handler"], None]] = field(default_factory=list)
    ranges: list[str | None] = field(default_factory=list)
    address: str = ""


class Handler(BaseHTTPRequestHandler):
    server_of: Server

    def do_GET(self) -> None:
        script = self.server_of
        script.ranges.append(self.headers.get("Range"))
        way = script.ways.pop(0) if len(script.ways) > 1 else script.ways[0]
        way(self)

    def begun(self) -> int:
        return int((self.headers.get("Range") or "bytes=0-").removeprefix("bytes=").rstrip("-"))

    def head(self, status: int, **headers: object) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        pass


def part(handler: Handler, upto: int = len(CONTENT)) -> None:
    """What was asked for, with the right length, cut at a byte of the file."""
    begun = handler.begun()
    if begun >= len(CONTENT):
        handler.head(416, Content_Range=f"bytes */{len(CONTENT)}", Content_Length=0)
        return
    span = {"Content_Range": f"bytes {begun}-{len(CONTENT) - 1}/{len(CONTENT)}"} if begun else {}
    handler.head(
        206 if begun else 200, Content_Length=len(CONTENT) - begun, Accept_Ranges="bytes", **span
    )
    handler.wfile.write(CONTENT[begun:upto])


def broken(handler: Handler) -> None:
    """A part of 30 kB, and the connection breaks off."""
    part(handler, handler.begun() + 30_000)


def whole(handler: Handler) -> None:
    """The whole file, whatever was asked for."""
    handler.head(200, Content_Length=len(CONTENT))
    handler.wfile.write(CONTENT)


def half(handler: Handler) -> None:
    """Half of the file and no more, whatever was asked for."""
    handler.head(200, Content_Length=len(CONTENT))
    handler.wfile.write(CONTENT[:HALF])


def too_short_a_length(handler: Handler) -> None:
    handler.head(200, Content_Length=HALF)
    handler.wfile.write(CONTENT)


def no_length(handler: Handler) -> None:
    handler.head(200)
    handler.wfile.write(CONTENT[:HALF])


def other_part(handler: Handler) -> None:
    handler.head(206, Content_Length=10, Content_Range=f"bytes 0-9/{len(CONTENT)}")
    handler.wfile.write(CONTENT[:10])


def status(number: int, **headers: object) -> Callable[[Handler], None]:
    return lambda handler: handler.head(number, Content_Length=0, **headers)


def slow(handler: Handler) -> None:
    """The file in a second and a half."""
    begun = handler.begun()
    handler.head(
        206 if begun else 200,
        Content_Length=len(CONTENT) - begun,
        Accept_Ranges="bytes",
        Content_Range=f"bytes {begun}-{len(CONTENT) - 1}/{len(CONTENT)}",
    )
    for position in range(begun, len(CONTENT), 10_000):
        handler.wfile.write(CONTENT[position : position + 10_000])
        handler.wfile.flush()
        time.sleep(0.15)


@pytest.fixture
def server() -> Iterator[Server]:
    script = Server()
    handler = type("ScriptedHandler", (Handler,), {"server_of": script})
    running = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    running.handle_error = lambda *_: None  # clients that are killed
    script.address = f"http://127.0.0.1:{running.server_port}"
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield script
    running.shutdown()
    thread.join()
    running.server_close()


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("VALUEGAUGE_DATA", raising=False)
    monkeypatch.setattr(downloads, "FIRST_WAIT", 0.01)


def card(server: Server, *paths: str, content: bytes = CONTENT) -> Card:
    digest = hashlib.sha256(content).hexdigest()
    files = tuple(CardFile(path, len(content), sha256=digest) for path in paths or ("a.bin",))
    groups = {file.path: (file,) for file in files}
    return Card(
        id="demo",
        title="A demo",
        homepage="https://example.org",
        licence="MIT",
        citation="Someone (2026)",
        revision="r1",
        counts={},
        groups=groups,
        prose="# Demo",
        download=server.address + "/{revision}/{path}",
    )


def there() -> list[str]:
    return sorted(path.name for path in cache_root().rglob("*") if path.is_file())


GOOD = {
    "breaks off again and again": [broken],
    "breaks off, then ignores ranges": [broken, whole],
    "breaks off without ranges, then whole": [half, whole],
    "500 twice": [status(500), status(500), part],
    "503 with a time to wait": [status(503, Retry_After="0"), part],
    "429": [status(429), part],
    "500 in the middle": [broken, status(500), status(502), part],
    "another part than asked for": [broken, other_part, part],
    "a length that is too short, then right": [too_short_a_length, whole],
    "cut without a length, then right": [no_length, whole],
    "nothing satisfies": [broken, status(416), part],
}


@pytest.mark.parametrize("name", GOOD)
def test_the_file_comes_in_whole(server: Server, name: str):
    server.ways = list(GOOD[name])
    (path,) = fetch(card(server)).values()
    assert path.read_bytes() == CONTENT
    assert there() == ["a.bin"]


def test_it_resumes_where_it_broke_off(server: Server):
    server.ways = [broken, broken, part]
    fetch(card(server))
    first, *more = server.ranges
    assert first is None
    begun = [int(str(span).removeprefix("bytes=").rstrip("-")) for span in more]
    assert [30_000 - 2_048 < begun[0] <= 30_000, begun[0] < begun[1] <= 60_000] == [True, True]
    assert len(begun) == 2


def test_any_number_of_breaks_is_survived_as_long_as_something_comes_in(server: Server):
    server.ways = [lambda handler: part(handler, handler.begun() + 10_000)]
    fetch(card(server))
    assert len(server.ranges) > downloads.MOST_TRIES


BAD = {
    "always 500": ([status(500)], "HTTP status 500, after 5 tries", 5),
    "absent": ([status(404)], "HTTP status 404", 1),
    "forbidden": ([status(403)], "HTTP status 403", 1),
    "always half": ([half], "the connection broke off, after 6 tries", 6),
    "nothing more": ([broken, status(503)], "HTTP status 503, after 6 tries", 6),
}


@pytest.mark.parametrize("name", BAD)
def test_after_all_tries_one_line_says_what_failed_and_what_to_do(server: Server, name: str):
    ways, reason, requests = BAD[name]
    server.ways = list(ways)
    with pytest.raises(DataMissingError) as caught:
        fetch(card(server))
    message = str(caught.value)
    assert f"the download failed ({reason})" in message
    assert "run `valuegauge data fetch demo` where there is a network" in message
    assert "\n" not in message
    assert len(server.ranges) == requests
    # what can be gone on from stays for the next start
    assert (there() == []) == (name != "nothing more")
    if name == "nothing more":
        server.ways = [part]
        fetch(card(server))
        assert server.ranges[-1] is not None
        assert there() == ["a.bin"]


@pytest.mark.parametrize("way", [whole, too_short_a_length, no_length])
def test_another_content_is_thrown_away_after_two_tries(server: Server, way):
    server.ways = [way]
    expected = b"else" if way is whole else CONTENT
    with pytest.raises(HashMismatchError, match="was thrown away; try again"):
        fetch(card(server, content=expected))
    assert len(server.ranges) == 2
    assert there() == []


def test_a_full_disk_is_reported(server: Server, monkeypatch):
    server.ways = [whole]

    def full(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(DataError, match="a.bin cannot be written to the cache .*: No space left"):
        fetch(card(server))


CHILD = textwrap.dedent(
    """
    import sys
    from tests.ratings.sources.test_download import Server, card
    from ratings.sources.fetch import fetch
    print(*fetch(card(Server(address=sys.argv[1]), *sys.argv[2:])).values())
    """
)


def start(server: Server, *paths: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, server.address, *paths],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def killed_in_the_middle(server: Server, *paths: str) -> None:
    asked = len(server.ranges)
    child = start(server, *paths)
    while len(server.ranges) == asked or not any(
        path.stat().st_size > 20_000 for path in cache_root().rglob(".download-*")
    ):
        assert child.poll() is None
        time.sleep(0.02)
    child.send_signal(signal.SIGKILL)
    child.communicate()


@pytest.mark.processes
def test_the_next_start_resumes_a_killed_download_and_clears_others(server: Server):
    server.ways = [slow]
    killed_in_the_middle(server, "a.bin")
    (cache_root() / "demo" / "r1" / ".download-old7x3").write_bytes(b"of an older version")
    (cache_root() / "demo" / "r0").mkdir()
    (cache_root() / "demo" / "r0" / ".download-older").write_bytes(b"of another revision")
    assert len(there()) == 4  # with the lock of the killed process
    server.ways = [part]
    fetch(card(server, "a.bin"))
    assert str(server.ranges[-1]).startswith("bytes=")
    assert there() == ["a.bin"]


@pytest.mark.processes
def test_a_start_that_wants_other_files_clears_what_was_killed(server: Server):
    server.ways = [slow]
    killed_in_the_middle(server, "a.bin")
    server.ways = [part]
    fetch(card(server, "b.bin"))
    assert there() == ["b.bin"]


@pytest.mark.processes
def test_a_start_leaves_a_download_alone_that_another_process_makes(server: Server):
    server.ways = [slow, part]
    child = start(server, "a.bin")
    while not server.ranges:
        assert child.poll() is None
        time.sleep(0.02)
    fetch(card(server, "b.bin"))
    assert child.poll() is None
    assert any(name.startswith(".download-") for name in there())
    out, err = child.communicate()
    assert (child.returncode, err) == (0, "")
    assert Path(out.strip()).read_bytes() == CONTENT
    assert there() == ["a.bin", "b.bin"]


@pytest.mark.processes
def test_several_processes_ask_for_a_file_once(server: Server):
    server.ways = [slow]
    children = [start(server, "a.bin", "b.bin") for _ in range(3)]
    for child in children:
        _, err = child.communicate()
        assert child.returncode == 0
        assert all("another process is downloading it" in line for line in err.splitlines())
    assert len(server.ranges) == 2
    assert there() == ["a.bin", "b.bin"]
