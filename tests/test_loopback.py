"""The server of the tests answers each question alike, in whatever order it is asked."""

import random
from typing import Any

import httpx
import pytest

from tests.loopback import MANNERS, PHRASES, USUAL, ChatServer, choice_of

QUESTIONS = [f"Reply {number}. Which phrase?\n" + "\n".join(PHRASES) for number in range(60)]


def ask(client: httpx.Client, server: ChatServer, model: str, text: str) -> httpx.Response:
    body = {"model": model, "messages": [{"role": "user", "content": text}]}
    return client.post(f"{server.url}/chat/completions", json=body)


def answers(server: ChatServer, order: list[str]) -> dict[str, Any]:
    """What each question got in the end, asked again where it failed."""
    found = {}
    with httpx.Client() as client:
        for text in order:
            done = ask(client, server, "x", text)
            if done.status_code != 200:
                assert done.status_code in (429, 500)
                done = ask(client, server, "x", text)
            (choice,) = done.json()["choices"]
            found[text] = (choice["message"], choice["finish_reason"])
    return found


def test_the_same_answers_in_any_order_and_the_same_calls_fail():
    with ChatServer(fail_every=5) as server:
        first = answers(server, QUESTIONS)
        failed, calls = server.failed, len(server.requests)
        assert 4 <= failed <= 24  # one in five of sixty
        assert calls == len(QUESTIONS) + failed
        # asked once more by the same server
        shuffled = random.Random(1).sample(QUESTIONS, len(QUESTIONS))
        assert answers(server, shuffled) == first
        assert server.failed == 2 * failed
    with ChatServer(fail_every=5) as server:
        assert answers(server, shuffled) == first
    assert len({str(answer) for answer in first.values()}) > 20


def test_a_question_that_always_fails():
    with ChatServer(fail_every=1, fail_always=True) as server, httpx.Client() as client:
        statuses = {ask(client, server, "x", QUESTIONS[0]).status_code for _ in range(5)}
    assert len(statuses) == 1
    assert statuses <= {429, 500}


def test_both_protocols_give_the_same_text():
    with ChatServer() as server, httpx.Client() as client:
        for text in QUESTIONS[:20]:
            (choice,) = ask(client, server, "x", text).json()["choices"]
            whole = client.post(
                f"{server.url}/responses", json={"model": "x", "input": text}
            ).json()
            said = [one for one in whole["output"] if one["type"] == "message"]
            assert said[0]["content"][0]["text"] == choice["message"]["content"]
            assert (whole["status"] == "incomplete") == (choice["finish_reason"] == "length")
        assert client.get(f"{server.url}/models").json()["data"][0]["id"] == "x"
        assert client.post(f"{server.url}/elsewhere", json={}).status_code == 404


@pytest.mark.parametrize("manner", [name for name in MANNERS if name != "hangs-up"])
def test_every_manner_can_be_asked_for_by_name(manner: str):
    with ChatServer() as server, httpx.Client() as client:
        found = [ask(client, server, manner, text) for text in QUESTIONS[:10]]
    statuses = {"locked": 401, "broken": 500, "busy": 429}
    assert {done.status_code for done in found} == {statuses.get(manner, 200)}
    if manner not in statuses:
        choices = [done.json()["choices"] for done in found]
        assert all(len(one) == (0 if manner == "no-choices" else 1) for one in choices)
        texts = [one[0]["message"]["content"] for one in choices if one]
        assert (set(texts) == {None}) == (manner == "null")
        if manner in USUAL and manner not in ("refuses", "cut", "numbers"):
            shown = zip(QUESTIONS, texts, strict=False)
            assert all(choice_of(question) in text.lower() for question, text in shown)


def test_it_answers_groups_of_statements_and_letters():
    asked = '[New Groups of Statements]:\n{"g (NSG1)": [{"NSG1_s1": "a"}, {"NSG1_s2": "b"}]}'
    assert '"NSG1"' in choice_of(asked)
    assert choice_of("Choose:\nA. tea\nB. rain\n") in ("A", "B")
