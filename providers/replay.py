"""`replay/<model>`: the recorded answers of a model, given again to the same questions.

What is replayed is found by the text of the question, so a changed prompt, persona or item is
not answered with something that was said to another question.
"""

from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from inspect_ai.event import ModelEvent
from inspect_ai.log import read_eval_log
from inspect_ai.model import ChatMessage, GenerateConfig, ModelOutput, ModelUsage

from providers.offline_model import OfflineModel
from ratings.asked import AskedItem, read_asked
from ratings.errors import DataError
from ratings.instruments.value_portrait import load_recording, recorded_answer
from ratings.sources.locations import resolve_from_start

Question = tuple[tuple[str, str], ...]


class ReplayAPI(OfflineModel):
    """Answers with what a recording or an earlier Inspect log holds for the same messages.

    `replay/<model>` replays one of the source's recordings of Value Portrait;
    `replay/<path of an Inspect log>` replays that log, whatever its task.
    """

    provider = "replay"

    def load(self) -> None:
        """Read the recording or the log."""
        self._answers = _load_answers(self.model_name)
        self._given: dict[Question, int] = defaultdict(int)

    def answer(self, messages: Sequence[ChatMessage], config: GenerateConfig) -> ModelOutput:
        """The recorded answer to these messages; the nth time they come, the nth answer."""
        question = _question(messages)
        recorded = self._answers.get(question, [])
        turn = self._given[question]
        if not recorded:
            raise DataError(
                f"{self.name} has no answer for {_name(messages)}: it was never asked this text"
            )
        self._given[question] += 1
        return recorded[turn % len(recorded)].model_copy(deep=True)

    def connection_key(self) -> str:
        """One pool a recording."""
        return self.name


def _load_answers(model_name: str) -> dict[Question, list[ModelOutput]]:
    if model_name.endswith((".eval", ".json")):
        return _answers_of_log(model_name)
    return _answers_of_recording(model_name)


def _answers_of_recording(model_name: str) -> dict[Question, list[ModelOutput]]:
    frame = load_recording(model_name)
    return {
        (("user", prompt),): [_recorded_output(model_name, raw, error)]
        for prompt, raw, error in zip(frame["prompt"], frame["raw"], frame["error"], strict=True)
    }


def _recorded_output(model_name: str, raw: object, error: object) -> ModelOutput:
    """The answer as it came; where the authors kept an error, what the error says of it."""
    text, stop_reason = recorded_answer(raw, error)
    output = ModelOutput.from_content(model_name, text, stop_reason)  # type: ignore[arg-type]
    output.usage = ModelUsage()
    if stop_reason != "stop":
        output.error = str(error)
    return output


def _answers_of_log(name: str) -> dict[Question, list[ModelOutput]]:
    path = resolve_from_start(name)
    if not Path(path).is_file():
        raise DataError(f"replay: there is no log at {path}")
    # A model is made within Inspect's running event loop, and reading a log starts one of its
    # own: in a thread of its own the two do not nest.
    with ThreadPoolExecutor(max_workers=1) as thread:
        reading = thread.submit(read_eval_log, str(path), resolve_attachments=True)
        try:
            log = reading.result()
        except Exception as error:  # whatever Inspect's reader meets in a broken file
            raise DataError(f"replay: {path} cannot be read as an Inspect log: {error}") from error
    answers: dict[Question, list[ModelOutput]] = defaultdict(list)
    for sample in log.samples or []:
        for event in sample.events:
            if isinstance(event, ModelEvent) and event.output.choices:
                answers[_question(event.input)].append(event.output)
    if not answers:
        raise DataError(f"replay: the log {path} holds no model answers")
    return dict(answers)


def _question(messages: Sequence[ChatMessage]) -> Question:
    return tuple((message.role, message.text) for message in messages)


def _name(messages: Sequence[ChatMessage]) -> str:
    asked = read_asked(messages[-1].metadata)
    if isinstance(asked, AskedItem):
        return f"instance {asked.instance}, variant {asked.variant}"
    return repr(messages[-1].text[:80])
