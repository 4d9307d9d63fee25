"""Providers that send no answer, odd answers, errors; and what is said of the calls."""

import gc
import json
import os
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import anyio
import pytest
from inspect_ai._util.error import PrerequisiteError
from inspect_ai.log import read_eval_log
from inspect_ai.model import ChatMessageUser, GenerateConfig, Model, ModelOutput, get_model
from tenacity import wait_none

from benchmarks._ask_model import ASKS, NEVER, Asked, ask_model
from benchmarks.indie_value.task import indie_value
from benchmarks.value_portrait.task import value_portrait
from benchmarks.value_profiles.decode_ratings import decode_ratings
from benchmarks.value_profiles.encode_profiles import encode_profiles
from benchmarks.value_profiles.tell_profiles_apart import tell_profiles_apart
from evals.cli.main import main
from tests.evaluate import evaluate
from tests.loopback import ChatServer, Reply

# litellm keeps its connections until the process ends; pydantic warns of what servers send
pytestmark = [
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore:Pydantic serializer warnings:UserWarning"),
]
OPENAI, COMPATIBLE, LITELLM = "openai/gpt-4o", "openai-api/loop/x", "litellm/openai/x"


@pytest.fixture(scope="module", autouse=True)
def _connections_left_open() -> Iterator[None]:
    """Clients leave them to the garbage: it is collected while its warnings are ignored."""
    yield
    gc.collect()


@pytest.fixture(autouse=True)
def _surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    """No proxy between here and this machine's own server; retries at once; a cache of its own."""
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("INSPECT_CACHE_DIR", str(tmp_path / "cache"))
    for path in (
        "inspect_ai.model._model.ModelAPI",
        "providers.litellm.models.LitellmAPI",
    ):
        monkeypatch.setattr(f"{path}.retry_wait", lambda _: wait_none())


def model_at(url: str, name: str, **settings: Any) -> Model:
    arguments = settings.pop("arguments", {})
    config = GenerateConfig(**settings)
    return get_model(name, base_url=url, api_key="none", memoize=False, config=config, **arguments)


def ask(model: Model, text: str = "Is it like me?") -> Asked:
    return anyio.run(ask_model, model, [ChatMessageUser(content=text)])


# --- bodies that no well-kept server sends ---


def completion(content: object = "like me", choice: dict | None = None, **other: object) -> dict:
    message = {"role": "assistant", "content": content}
    whole = {"index": 0, "finish_reason": "stop", "message": message, **(choice or {})}
    return {
        "id": "c", "object": "chat.completion", "created": 1, "model": "x", "choices": [whole],
        "usage": {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}, **other,
    }  # fmt: skip


def message(**fields: object) -> dict:
    return completion(choice={"message": {"role": "assistant", "content": "like me", **fields}})


TOKENS = ("prompt_tokens", "completion_tokens", "total_tokens")
ODD_TOKEN = {"token": "like", "logprob": None, "top_logprobs": None}
ODD: dict[str, object] = {
    "no choices": completion(choices=[]),
    "null for choices": completion(choices=None),
    "choices that are a mapping": completion(choices={}),
    "choices that are text": completion(choices="x"),
    "a null choice": completion(choices=[None]),
    "no message": completion(choices=[{"index": 0, "finish_reason": "stop"}]),
    "a null message": completion(choice={"message": None}),
    "a message that is text": completion(choice={"message": "like me"}),
    "null content": completion(None),
    "a number for content": completion(5),
    "true for content": completion(True),
    "a mapping for content": completion({"a": 1}),
    "a list of parts": completion([{"type": "text", "text": "like me"}]),
    "an empty list of parts": completion([]),
    "a number for a refusal": completion(choice={"message": {"content": None, "refusal": 3}}),
    "log-probabilities that are null": completion(choice={"logprobs": {"content": [ODD_TOKEN]}}),
    "log-probabilities that are text": completion(choice={"logprobs": "high"}),
    "log-probabilities that are a list": completion(choice={"logprobs": [1]}),
    "a number for why it stopped": completion(choice={"finish_reason": 7}),
    "an index that is null": completion(choices=2 * completion(choice={"index": None})["choices"]),
    "a negative count of tokens": completion(usage={"prompt_tokens": -3, "completion_tokens": -2}),
    "a count of tokens that is text": completion(usage={"prompt_tokens": "many"}),
    "a list for the tokens": completion(usage=[]),
    "too many tokens": completion(usage=dict.fromkeys(TOKENS, 10**30)),
    "null for its name": completion(model=None),
    "a number for its name": completion(model=3),
    "a number for its id": completion(id=3),
    "a number for its reasoning": message(reasoning_content=3),
    "a list for its reasoning": message(reasoning_details=[3]),
    "text for its tools": message(tool_calls="x"),
    "an empty mapping": {},
    "a list": [],
    "text": "like me",
    "null": None,
    "a number": 3,
    "half a surrogate": completion("like me \ud800"),
    "control characters": completion("like\x00 me\x1b[31m"),
    "two megabytes": completion("like me. " + "x " * 1_000_000),
}  # fmt: skip
RAW = {
    "a web page": ("text/html", b"<html>It works!</html>"),
    "no JSON": ("application/json", b"{oops"),
    "nothing": ("application/json", b""),
    "bytes that are no text": ("application/json", b'{"choices": "\xff\xfe"}'),
}


class OddServer(ThreadingHTTPServer):
    """Sends whatever it is given, so many times; then an answer."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Odd)
        self.odd, self.times, self.asked = ("application/json", b""), 0, 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def send(self, name: str, times: int) -> None:
        found = RAW.get(name) or ("application/json", json.dumps(ODD[name]).encode())
        self.odd, self.times, self.asked = found, times, 0


class _Odd(BaseHTTPRequestHandler):
    server: OddServer
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked += 1
        kind, content = "application/json", json.dumps(completion()).encode()
        if self.server.asked <= self.server.times:
            kind, content = self.server.odd
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def odd() -> Iterator[OddServer]:
    with OddServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("name", [OPENAI, COMPATIBLE, LITELLM])
def test_an_odd_answer_is_asked_again_and_never_ends_a_run(
    odd: OddServer, name: str, in_full: bool
):
    """Whatever comes with status 200: twice and then an answer, and every time."""

    async def both(model: Model) -> None:
        question = [ChatMessageUser(content="Is it like me?")]
        odd.send("no choices", 0)
        await ask_model(model, question)
        for kind in [*ODD, *RAW]:
            odd.send(kind, ASKS - 1)
            found = await ask_model(model, question)
            assert odd.asked == found.about.get("asked", 1) <= ASKS, kind
            assert "no_answer" not in found.about, kind
            assert odd.asked == ASKS or found.output.choices, kind
            if odd.asked == ASKS:
                assert found.output.completion == "like me", kind
            if not in_full and name != OPENAI:
                continue
            odd.send(kind, 10)
            found = await ask_model(model, question)
            kept = found.kept()
            assert odd.asked == found.about.get("asked", 1), kind
            if odd.asked == ASKS:  # said apart from an empty answer
                assert (kept["text"], bool(kept["no_answer"])) == ("", True), kind
                assert "\n" not in kept["no_answer"], kind
                assert len(kept["no_answer"]) < 400, kind
            else:
                assert kept["text"].lower().startswith(("like", "3")) or not kept["text"], kind

    # Inspect takes some of these for errors of the server, and would try again without end
    anyio.run(both, model_at(odd.url, name, max_retries=0))


def test_what_ends_in_the_log_can_be_read_again(odd: OddServer, tmp_path):
    for kind in (
        "half a surrogate",
        "control characters",
        "two megabytes",
        "too many tokens",
    ):
        odd.send(kind, 10)
        task = value_portrait(data="sample", variants="v1")
        (log,) = evaluate(
            task, model=model_at(odd.url, OPENAI), limit=1, log_dir=str(tmp_path), score=True
        )
        assert log.status == "success", kind
        (sample,) = read_eval_log(log.location).samples
        said = sample.output.metadata["answers"]["v1"]["text"]
        sent = json.loads(json.dumps(ODD[kind]))["choices"][0]["message"]["content"]
        assert said == sent.replace("\ud800", "\\ud800"), kind  # Inspect writes it so


# --- whole benchmarks ---

FEW: dict[str, Callable[[], Any]] = {
    "value_portrait": lambda: value_portrait(data="sample", variants=["v1", "v2"]),
    "indie_value": lambda: indie_value(data="sample", people=2, probe=1),
    "decode_ratings": lambda: decode_ratings(data="planted", raters=1, ratings=2),
    "encode_profiles": lambda: encode_profiles(data="planted", raters=2),
    "tell_profiles_apart": lambda: tell_profiles_apart(data="planted", pairs=2),
}


@pytest.mark.parametrize("task", FEW)
@pytest.mark.parametrize("manner", ["null", "no-choices", "empty"])
def test_a_missing_answer_differs_from_an_empty_one(task: str, manner: str, tmp_path):
    with ChatServer() as server:
        model = model_at(server.url, f"openai-api/loop/{manner}")
        (log,) = evaluate(FEW[task](), model=model, limit=2, log_dir=str(tmp_path))
        calls = len(server.requests)
    assert log.status == "success", log.error
    scores = [next(iter(sample.scores.values())) for sample in log.samples]
    statuses = [s for score in scores for s in _statuses(score.metadata["statuses"])]
    assert set(statuses) <= {"empty", "none_missing"}
    never = sum(score.metadata.get("no_answer", 0) for score in scores)
    again = sum(score.metadata.get("asked_again", 0) for score in scores)
    if manner == "empty":
        assert (never, again) == (0, 0)
    else:
        assert never > 0
        # of the answers that samples share each says so
        assert calls <= never + again
        assert again == (ASKS - 1) * never


def _statuses(found: Any) -> list[str]:
    return list(found.values()) if isinstance(found, dict) else list(found)


def test_an_answer_that_comes_at_the_third_call_counts(tmp_path):
    def at_third(body: dict, asked: int) -> Reply:
        return Reply("like me") if asked == 3 else Reply(None, choices=asked - 1)

    with ChatServer(at_third) as server:
        task = value_portrait(data="sample", variants="v1")
        (log,) = evaluate(task, model=model_at(server.url, OPENAI), limit=3, log_dir=str(tmp_path))
        assert len(server.requests) == 9
    for sample in log.samples:
        (score,) = sample.scores.values()
        assert score.metadata["statuses"] == {"v1": "valid"}
        assert score.metadata["asked_again"] == 2
        assert "no_answer" not in score.metadata


@pytest.mark.parametrize("finish", ["length", "content_filter"])
def test_no_text_with_a_reason_is_not_asked_again(finish: str):
    with ChatServer(lambda body, asked: Reply(None, finish=finish)) as server:
        found = ask(model_at(server.url, OPENAI))
        assert len(server.requests) == 1
    assert found.about == {}


@pytest.mark.parametrize("name", ["openai/gpt-4o", "openai/o3-mini", COMPATIBLE, LITELLM])
def test_a_repeated_call_is_not_answered_from_the_cache(name: str):
    """Nor is a second run answered with less than the first."""

    def null_first(body: dict, asked: int) -> Reply:
        return Reply("like me") if asked > 1 else Reply(None)

    with ChatServer(null_first) as server:
        arguments = {"drop_params": True} if name == LITELLM else {}
        first = ask(model_at(server.url, name, cache=True, arguments=arguments))
        assert (first.output.completion, len(asked_of(server))) == ("like me", 2)
        again = ask(model_at(server.url, name, cache=True, arguments=arguments))
        assert again.output.completion == "like me"
        assert len(asked_of(server)) == 2, "what was cached is not asked for"


# --- errors in one line ---


@pytest.mark.parametrize(
    "name", ["openai/locked", "openai-api/loop/locked", "litellm/openai/locked"]
)
def test_a_refused_key_is_one_line_and_ends_the_asking(name: str):
    with ChatServer() as server:
        model = model_at(server.url, name)
        for _ in range(5):
            with pytest.raises(PrerequisiteError) as caught:
                ask(model)
            message = str(caught.value.message)
            assert "Incorrect API key provided: sk-wrong." in message
            assert "\n" not in message
        assert len(asked_of(server)) == 1


def asked_of(server: ChatServer) -> list[dict]:
    """The questions; Inspect's own provider tries out reasoning models with one of its own."""
    return [one for one in server.requests if "hello, world" not in str(one.get("input"))]


def test_a_key_that_was_good_before_is_tried_again():
    replies = [Reply("like me"), Reply(status=401), Reply("like me")]
    with ChatServer(lambda body, asked: replies[asked - 1]) as server:
        model = model_at(server.url, COMPATIBLE)
        assert ask(model).output.completion == "like me"
        with pytest.raises(PrerequisiteError, match="refuses the key"):
            ask(model)
        assert ask(model).output.completion == "like me"


@pytest.mark.parametrize("name", ["openai/x", COMPATIBLE, "litellm/openai/broken"])
def test_a_server_that_never_answers_is_left_alone_with_the_cause(name: str, odd: OddServer):
    """Such as a web page at the address."""
    odd.send("a web page", 10_000)
    model = model_at(odd.url, name, max_retries=0)
    messages = set()
    for number in range(NEVER + 5):
        try:
            found = ask(model, f"Question {number}?")
            assert "no_answer" in found.about
        except PrerequisiteError as error:
            messages.add(str(error.message))
    (line,) = messages
    assert odd.asked <= NEVER * ASKS + (name == "openai/x")  # which Inspect tries out first
    assert f"sent no answer to any of the first {NEVER} questions" in line
    assert "such as /v1" in line


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (Reply(status=400), "refuses the call: temperature must be at most 2."),
        (Reply(status=503), "given up after 2 tries: "),
        (Reply(hang_up=True), "given up after 2 tries: Connection error."),
    ],
)
def test_a_call_that_fails_names_the_cause_in_one_line(reply: Reply, message: str, caplog):
    with ChatServer(lambda body, asked: reply) as server:
        model = model_at(server.url, COMPATIBLE, max_retries=1)
        with pytest.raises(PrerequisiteError) as caught:
            ask(model)
    line = str(caught.value.message)
    assert message.split(": ")[-1] in line
    assert message.split(":", maxsplit=1)[0] in line
    assert "\n" not in line
    warned = [
        record.getMessage() for record in caplog.records if "A call to" in record.getMessage()
    ]
    assert len(warned) == 1, "each cause is named once, while it is tried again"


def test_an_error_of_the_solver_itself_is_not_taken_for_an_answer():
    def broken(*_: object) -> ModelOutput:
        raise ValueError("of our own making")

    model = get_model("mockllm/model", custom_outputs=broken, memoize=False)
    with pytest.raises(ValueError, match="of our own making"):
        ask(model)


# --- what was sent ---


@pytest.mark.parametrize(
    ("name", "dropped"),
    [
        ("openai/gpt-4o", set()),
        ("openai/o3-mini", {"temperature", "top_p"}),
        ("openai/o1", {"temperature", "top_p"}),
        ("openai/gpt-5", {"temperature", "top_p"}),
        ("openai-api/loop/x", set()),
        ("litellm/openai/gpt-4o", set()),
        ("litellm/openai/o3-mini", {"temperature", "top_p"}),
        ("litellm/openai/gpt-5", {"temperature", "top_p"}),
    ],
)
def test_what_was_not_sent_is_said(name: str, dropped: set[str]):
    settings = {"temperature": 0.0, "top_p": 0.5, "seed": 3, "frequency_penalty": 0.1}
    arguments = {"drop_params": True} if name.startswith("litellm/") else {}
    with ChatServer(lambda body, asked: Reply("like me")) as server:
        found = ask(model_at(server.url, name, arguments=arguments, **settings))
        (sent,) = asked_of(server)
    lacking = {one for one in settings if one not in sent}
    assert set(found.about.get("not_sent", ())) == lacking
    assert dropped <= lacking
    assert bool(lacking) == ("not_sent" in found.about)


def test_what_runs_here_sends_nothing_and_says_nothing(tmp_path):
    model = get_model("respondent/power", memoize=False, config=GenerateConfig(temperature=0))
    (log,) = evaluate(
        value_portrait(data="sample", variants="v1"), model=model, limit=1, log_dir=str(tmp_path)
    )
    (score,) = log.samples[0].scores.values()
    assert not {"not_sent", "no_answer", "asked_again"} & set(score.metadata)


def test_show_says_what_was_not_sent(tmp_path, capsys):
    with ChatServer(lambda body, asked: Reply("like me")) as server:
        (log,) = evaluate(
            value_portrait(data="sample", variants="v1"),
            model=model_at(server.url, "openai/o3-mini"),
            limit=4,
            log_dir=str(tmp_path),
        )
    path = log.location.removeprefix("file://")
    with pytest.raises(SystemExit):
        main(["show", path])
    assert "temperature: not sent" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["show", "--json", path])
    assert json.loads(capsys.readouterr().out)["not_sent"] == ["temperature"]
