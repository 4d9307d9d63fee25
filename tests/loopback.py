"""A server on this machine that speaks OpenAI's protocols, and answers like real models do.

It has chat completions, whole or streamed, and responses, which Inspect asks `openai/<name>` with
for every name that is none of OpenAI's older models.

Everything it answers follows from the words of the question, so two runs get the same answers in
whatever order they ask. Use it in a test:

    with ChatServer() as server:
        get_model("openai/x", base_url=server.url, api_key="none")

or from a shell: `python tests/loopback.py --port 8000 --fail-every 5`.

The name of the model says how it answers: one of `MANNERS`, several joined by `+` (each question
draws one of them), and `x` or any other name for all of `USUAL`.
"""

import argparse
import hashlib
import json
import math
import random
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

Body = dict[str, Any]

PHRASES = (
    "very much like me",
    "like me",
    "somewhat like me",
    "a little like me",
    "not like me",
    "not like me at all",
)
ERRORS = {
    400: {"message": "temperature must be at most 2.", "type": "invalid_request_error"},
    401: {"message": "Incorrect API key provided: sk-wrong.", "type": "invalid_request_error"},
    429: {"message": "Slow down.", "type": "rate_limit_error"},
    500: {"message": "The server had an error.", "type": "server_error"},
    503: {"message": "The model is loading.", "type": "server_error"},
}
_STATEMENTS = re.compile(r'"(?P<group>NSG\d+)_s(?P<number>\d+)":')
_LETTERS = re.compile(r"^\s*\(?([A-Z])[).:]\s", re.MULTILINE)


@dataclass
class Reply:
    """What the server sends.

    Attributes:
        content: the text; None is sent as null.
        finish: why the model stopped.
        message: further fields of the message, such as `refusal` or `reasoning_content`.
        choices: how many choices, of which 0 is an empty list; None for as many as were asked for.
        status: of HTTP; with another than 200 an error is sent.
        error: of that status; None for the usual one.
        headers: further headers.
        hang_up: whether the connection is closed without an answer.
        logprobs: instead of those made from the text.
        usage: the tokens used; None leaves it out, an empty dict counts words.
        model: the name that the server gives itself; None for the one asked for.
    """

    content: str | None = ""
    finish: str = "stop"
    message: Body = field(default_factory=dict)
    choices: int | None = None
    status: int = 200
    error: Body | None = None
    headers: dict[str, str] = field(default_factory=dict)
    hang_up: bool = False
    logprobs: object = None
    usage: Body | None = field(default_factory=dict)
    model: str | None = None


Manner = Callable[[str, random.Random], Reply]
Answer = Callable[[Body, int], Reply]


def _say(*frames: str) -> Manner:
    """The choice in one of these frames; `{c}` is the choice, `{C}` with a capital, `{n}` a number.

    The number is the position of a phrase on the usual scale, from 1 to 6.
    """

    def answer(choice: str, draw: random.Random) -> Reply:
        number = 6 - PHRASES.index(choice) if choice in PHRASES else draw.randint(1, 6)
        frame = draw.choice(frames)
        for mark, text in (("{c}", choice), ("{C}", choice.capitalize()), ("{n}", str(number))):
            frame = frame.replace(mark, text)
        return Reply(frame)

    return answer


def _cut(choice: str, draw: random.Random) -> Reply:
    thought = "<think>The question is whether I would say not like me or like me. On the one hand"
    return Reply(draw.choice([thought, "I would say that this is", ""]), finish="length")


def _absurd(choice: str, draw: random.Random) -> Reply:
    huge = '{"A": 1' + 400 * "0" + ', "B": NaN, "choice": [[[[]]]]}'
    return Reply(
        draw.choice([huge, 3000 * "{", 500 * "like me ", "\ud7ff\u202e\x00\x1b[31m", "NaN"])
    )


def _absurd_logprobs(choice: str, draw: random.Random) -> Reply:
    odd = draw.choice([None, "high", 710, -1e308, True])
    top = [{"token": choice, "logprob": odd, "bytes": None}]
    return Reply(choice, logprobs={"content": [{**top[0], "top_logprobs": top}]})


def _reasoned(choice: str, draw: random.Random) -> Reply:
    thought = "Not like me? The person asks for advice, so: like me."
    return Reply(choice, message={"reasoning_content": thought})


MANNERS: dict[str, Manner] = {
    "plain": _say("{c}", "{C}.", "{C}"),
    "thinks": _say(
        "<think>Not like me? Hmm, the reply is blunt.</think>\n\n{c}",
        "Not like me at first sight, but the tone is kind.\n</think>\n{C}",
        "<think>\nvery much like me or a little like me\n</think>{C}.",
    ),
    "hedges": _say(
        "If I had to choose, I would say {c}.",
        "Without more context, I'd say {c}.",
        "I'm not sure, but I would say: {C}",
    ),
    "refuses": _say(
        "I'm sorry, but I can't take part in this.",
        "As an AI, I don't have personal thoughts or feelings, so I cannot answer that.",
    ),
    "numbers": _say("{n}", "Rating: {n}", "{n}. {c}"),
    "explains": _say("**{C}**\n\nThe reply is kind and leaves room.", "{C}, because I care."),
    "other-language": _say("我不能回答这个问题。", "Das passt eher nicht zu mir."),
    "cut": _cut,
    "reasons": _reasoned,
    "empty": _say("", "  \n"),
    "null": lambda choice, draw: Reply(None),
    "no-choices": lambda choice, draw: Reply(choices=0),
    "filtered": lambda choice, draw: Reply("", finish="content_filter"),
    "absurd": _absurd,
    "absurd-logprobs": _absurd_logprobs,
    "locked": lambda choice, draw: Reply(status=401),
    "broken": lambda choice, draw: Reply(status=500),
    "busy": lambda choice, draw: Reply(status=429, headers={"Retry-After": "1"}),
    "hangs-up": lambda choice, draw: Reply(hang_up=True),
}
USUAL = ("plain", "thinks", "hedges", "refuses", "numbers", "explains", "cut", "reasons")


def question(body: Body) -> str:
    """The words of a question: every message, in order. Protocols name the roles differently."""
    messages = body.get("messages", body.get("input", ""))
    if isinstance(messages, str):
        return messages
    return "\n".join(_text(one.get("content")) for one in messages)


def drawn(text: str, purpose: str) -> random.Random:
    """A generator that follows from a text, another one for each purpose."""
    digest = hashlib.sha256(f"{purpose}\0{text}".encode("utf-8", "surrogatepass")).digest()
    return random.Random(int.from_bytes(digest[:8], "big"))


def choice_of(text: str) -> str:
    """An answer in the form that a question asks for.

    One of the six phrases; a JSON object for groups of statements; or a letter.
    """
    draw = drawn(text, "choice")
    if any(phrase in text.lower() for phrase in PHRASES):
        return draw.choice(PHRASES)
    groups: dict[str, list[str]] = {}
    for found in _STATEMENTS.finditer(text.rpartition("[New Groups of Statements]")[2]):
        groups.setdefault(found["group"], []).append(found["number"])
    if groups:
        chosen = {g: {"rationale": "as before", "choice": f"{g}_s{draw.choice(n)}"}
                  for g, n in groups.items()}  # fmt: skip
        return json.dumps(chosen)
    return draw.choice(_LETTERS.findall(text) or ["Profile 1", "Profile 2"])


def answer_as(manners: Sequence[str]) -> Answer:
    """Answers each question in one of some manners, drawn by its words."""

    def answer(body: Body, asked: int) -> Reply:
        text = question(body)
        draw = drawn(text, "manner")
        return MANNERS[draw.choice(manners)](choice_of(text), draw)

    return answer


def as_named(body: Body, asked: int) -> Reply:
    """The manners that the model's name asks for."""
    names = str(body["model"]).rpartition("/")[2].split("+")
    known = [name for name in names if name in MANNERS]
    return answer_as(known or USUAL)(body, asked)


class ChatServer(ThreadingHTTPServer):
    """Answers chats in threads of its own, from `with` until its end.

    Args:
        answer: what to reply to a request, which was asked so many times, this one included.
        fail_every: one question in so many is failed, with 500 or 429, the first, third, fifth...
            time that it is asked; asked again, it is answered. Which ones, their words decide.
        fail_always: those questions are failed every time.
        port: 0 takes a free one.

    Attributes:
        requests: the bodies of all requests, as they came.
        keys: their `Authorization`.
        failed: how many of them were failed by `fail_every`.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self,
        answer: Answer = as_named,
        *,
        fail_every: int = 0,
        fail_always: bool = False,
        port: int = 0,
    ) -> None:
        super().__init__(("127.0.0.1", port), _Chat)
        self._answer, self._fail_every, self._fail_always = answer, fail_every, fail_always
        self._asked: Counter[str] = Counter()
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        """As if nothing had been asked yet."""
        self.requests: list[Body] = []
        self.keys: list[str | None] = []
        self.failed = 0
        self._asked.clear()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()

    def reply(self, body: Body, key: str | None) -> Reply:
        """What is sent for a request, which is written down."""
        text = f"{body['model']}\n{question(body)}"
        with self._lock:
            self.requests.append(body)
            self.keys.append(key)
            self._asked[text] += 1
            asked = self._asked[text]
            draw = drawn(text, "failure")
            # a coin of its own for which questions, so that a retry or a second run sees the same
            chosen = bool(self._fail_every) and draw.randrange(self._fail_every) == 0
            if chosen and (self._fail_always or asked % 2):
                self.failed += 1
                return Reply(status=draw.choice([429, 500]))
        return self._answer(body, asked)


class _Chat(BaseHTTPRequestHandler):
    server: ChatServer
    protocol_version = "HTTP/1.1"
    # headers and body arrive as one packet; else each call waits for the other side's delayed ack
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """The list of models, which some clients ask for first."""
        models = [{"id": name, "object": "model"} for name in ("x", *MANNERS)]
        self._send(200, {"object": "list", "data": models}, {})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        path = self.path.removeprefix("/v1")
        if path not in ("/chat/completions", "/responses"):
            self._send(404, {"error": {"message": f"no such path: {self.path}"}}, {})
            return
        reply = self.server.reply(body, self.headers["Authorization"])
        if reply.hang_up:
            self.close_connection = True
        elif reply.status != 200:
            self._send(reply.status, {"error": reply.error or ERRORS[reply.status]}, reply.headers)
        elif path == "/responses":
            self._send(200, _response(body, reply), reply.headers)
        elif body.get("stream"):
            events = "".join(f"data: {event}\n\n" for event in _in_pieces(_completion(body, reply)))
            self._write(200, "text/event-stream", events, reply.headers)
        else:
            self._send(200, _completion(body, reply), reply.headers)

    def _send(self, status: int, body: Body, headers: dict[str, str]) -> None:
        self._write(status, "application/json", json.dumps(body), headers)

    def _write(self, status: int, kind: str, text: str, headers: dict[str, str]) -> None:
        content = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Nothing: the tests read `requests`."""


def _text(content: object) -> str:
    if isinstance(content, list):
        return "\n".join(str(part.get("text", "")) for part in content)
    return str(content or "")


def _completion(body: Body, reply: Reply) -> Body:
    message = {"role": "assistant", "content": reply.content, **reply.message}
    choice: Body = {"message": message, "finish_reason": reply.finish}
    if body.get("logprobs"):
        top = body.get("top_logprobs") or 0
        choice["logprobs"] = reply.logprobs or {"content": _tokens(reply.content or "", top)}
    number = (body.get("n") or 1) if reply.choices is None else reply.choices
    whole = {
        "id": f"chatcmpl-{drawn(question(body), 'id').getrandbits(48):012x}",
        "object": "chat.completion",
        "created": 1,
        "model": reply.model or body["model"],
        "choices": [{"index": position, **choice} for position in range(number)],
    }
    if reply.usage is not None:
        whole["usage"] = reply.usage or _usage(question(body), reply.content or "")
    return whole


def _response(body: Body, reply: Reply) -> Body:
    """The same reply in the words of the responses protocol, which has one choice."""
    tokens = _completion({**body, "logprobs": True}, reply)
    refusal = reply.message.get("refusal")
    part: Body = {"type": "output_text", "text": reply.content, "annotations": []}
    if any("logprobs" in one for one in body.get("include") or []):
        (choice,) = tokens["choices"]
        part["logprobs"] = choice["logprobs"]["content"]
    if refusal:
        part = {"type": "refusal", "refusal": refusal}
    said = {"type": "message", "id": "msg_1", "status": "completed", "role": "assistant"}
    output: list[Body] = []
    if "reasoning_content" in reply.message:
        thought = {"type": "reasoning_text", "text": reply.message["reasoning_content"]}
        output.append({"type": "reasoning", "id": "rs_1", "summary": [], "content": [thought]})
    if reply.choices != 0 and (reply.content is not None or refusal):
        output.append({**said, "content": [part]})
    reason = {"length": "max_output_tokens", "content_filter": "content_filter"}.get(reply.finish)
    usage = tokens.get("usage")
    return {
        "id": tokens["id"].replace("chatcmpl-", "resp_"),
        "object": "response",
        "created_at": 1,
        "model": tokens["model"],
        "status": "incomplete" if reason else "completed",
        "incomplete_details": {"reason": reason} if reason else None,
        "output": output,
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
        "usage": usage
        and {
            "input_tokens": usage["prompt_tokens"],
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": usage["completion_tokens"],
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": usage["total_tokens"],
        },
    }


def _usage(asked: str, said: str) -> Body:
    counted = {"prompt_tokens": len(asked.split()), "completion_tokens": len(said.split())}
    return {**counted, "total_tokens": sum(counted.values())}


def _tokens(text: str, top: int) -> list[Body]:
    """The words of a text as tokens with their log-probabilities, and others instead of them."""
    found = []
    for token in re.findall(r"\s*\S+", text):
        draw = drawn(text, token)
        others = [" not", " very", " like", " a", " some"]
        share = draw.uniform(0.5, 1)
        ranked = [(token, share), *((other, (1 - share) / 10) for other in others)]
        alternatives = [_token(*one) for one in ranked][: max(top, 1)]
        found.append({**alternatives[0], "top_logprobs": alternatives if top else []})
    return found


def _token(token: str, share: float) -> Body:
    return {"token": token, "logprob": math.log(share), "bytes": list(token.encode())}


def _in_pieces(whole: Body) -> Iterator[str]:
    """The completion in pieces: the answer, why it ended, what it cost."""
    chunk = {**whole, "object": "chat.completion.chunk", "usage": None}
    for choice in whole["choices"]:
        position = choice["index"]
        answer = {"index": position, "delta": choice["message"], "logprobs": choice.get("logprobs")}
        end = {"index": position, "delta": {}, "finish_reason": choice["finish_reason"]}
        yield from (json.dumps({**chunk, "choices": [piece]}) for piece in (answer, end))
    yield json.dumps({**chunk, "choices": [], "usage": whole.get("usage")})
    yield "[DONE]"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--fail-every", type=int, default=0)
    parser.add_argument("--fail-always", action="store_true")
    given = parser.parse_args()
    found = ChatServer(fail_every=given.fail_every, fail_always=given.fail_always, port=given.port)
    print(f"listening at {found.url}", flush=True)
    found.serve_forever()


if __name__ == "__main__":
    main()
