"""What all offline models do alike, by the smallest of them."""

from collections.abc import Sequence
from typing import ClassVar

import anyio
import pytest
from inspect_ai._util.error import PrerequisiteError
from inspect_ai.model import ChatMessage, ChatMessageUser, GenerateConfig, ModelOutput

from providers.offline_model import OfflineModel, Option, is_whole
from ratings.asked import AskedItem
from ratings.errors import DataError

ITEM = AskedItem(data="sample", instance="1-1", variant="v1")


class Echo(OfflineModel):
    provider = "echo"
    options: ClassVar = {"times": Option(1, is_whole, "a whole number")}

    def load(self) -> None:
        if self.model_name == "silent":
            raise DataError("echo/silent says nothing")

    def answer(self, messages: Sequence[ChatMessage], config: GenerateConfig) -> str:
        return self.asked(messages, AskedItem, "; ask it that").variant * self.given["times"]


class Slow(Echo):
    takes_time = True


def asked(model: OfflineModel, metadata: dict[str, str] | None) -> ModelOutput:
    message = ChatMessageUser(content="?", metadata=metadata)
    return anyio.run(model.generate, [message], [], "auto", GenerateConfig())


@pytest.mark.parametrize("kind", [Echo, Slow])
def test_a_text_is_an_answer_that_cost_nothing(kind: type[OfflineModel]):
    output = asked(kind("loud", times=2), ITEM.as_metadata())
    assert (output.completion, output.stop_reason, output.model) == ("v1v1", "stop", "echo/loud")
    assert output.usage is not None
    assert output.usage.total_tokens == 0
    assert not kind("loud").should_retry(OSError())
    assert Echo("loud").max_connections() > Slow("loud").max_connections()


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        ("silent", {}, "echo/silent says nothing"),
        ("loud", {"time": 1}, r"unknown argument of echo 'time'; allowed .nearest first.: times"),
        ("loud", {"times": "two"}, "echo: times must be a whole number, found 'two'"),
        ("loud", {"times": True}, "echo: times must be a whole number, found True"),
    ],
)
def test_what_is_wrong_when_it_is_made_is_one_line(name: str, given: dict, message: str):
    with pytest.raises(PrerequisiteError, match=message) as caught:
        Echo(name, **given)
    assert "\n" not in str(caught.value.message)


@pytest.mark.parametrize("kind", [Echo, Slow])
@pytest.mark.parametrize("metadata", [None, {"benchmark": "indie_value"}])
def test_another_question_is_refused_in_one_line(kind: type[OfflineModel], metadata: dict | None):
    with pytest.raises(PrerequisiteError, match="echo/loud answers value_portrait only; ask it"):
        asked(kind("loud"), metadata)
