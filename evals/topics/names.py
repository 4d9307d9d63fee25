"""What topics are called: their words, or what a model calls them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ratings.errors import DataError

if TYPE_CHECKING:
    from inspect_ai.model import Model

_IN_NAME = 3  # words
_LONGEST = 60  # characters of a name
_SHOWN = 300  # characters of a text shown to a model

PROMPT = """\
Messages that people sent to a chat assistant were grouped by subject. Name one group's subject.

Words that set the group apart: {words}

Messages at the centre of the group:
{texts}

Reply with the name alone: two to five words, no quotation marks, no full stop."""


@dataclass(frozen=True)
class TopicText:
    """What a topic is named from.

    Attributes:
        words: the heaviest first.
        closest: texts, the closest to the centre first.
    """

    words: Sequence[str]
    closest: Sequence[str]


def names_of_words(topics: Sequence[TopicText]) -> list[str]:
    """A name from the heaviest words of each topic, none of which another of them contains.

    >>> names_of_words([TopicText(["death penalty", "death", "prison", "law"], [])])
    ['death penalty, prison, law']
    """
    out = []
    for topic in topics:
        kept: list[str] = []
        for term in topic.words:
            words = set(term.split())
            if not any(words & set(other.split()) for other in kept):
                kept.append(term)
        out.append(", ".join(kept[:_IN_NAME]) or "(no words)")
    return _distinct(out)


def names_by_model(topics: Sequence[TopicText], model: "Model", logs: Path) -> list[str]:
    """Names that a model gives, one call a topic; the topic's words where it says nothing.

    Args:
        topics: T.
        model: who is asked.
        logs: folder of the log.

    Raises:
        DataError: when the model fails.
    """
    from inspect_ai import Task
    from inspect_ai import eval as inspect_eval
    from inspect_ai.dataset import MemoryDataset, Sample
    from inspect_ai.solver import generate

    prompts = [
        PROMPT.format(
            words=", ".join(topic.words) or "(none)",
            texts="\n".join(f"- {' '.join(text.split())[:_SHOWN]}" for text in topic.closest),
        )
        for topic in topics
    ]
    dataset = MemoryDataset([Sample(prompt, id=n) for n, prompt in enumerate(prompts)])
    task = Task(dataset, solver=generate(), name="topic_names")
    (log,) = inspect_eval(task, model=model, log_dir=str(logs), display="none")
    if log.status != "success" or not log.samples:
        reason = str(log.error.message if log.error else log.status).partition("\n")[0]
        raise DataError(f"{model} cannot name topics: {reason}")
    answers = {int(sample.id): sample.output.completion for sample in log.samples}
    words = names_of_words(topics)
    return _distinct([_cleaned(answers[n]) or words[n] for n in range(len(topics))])


def _cleaned(answer: str) -> str:
    lines = [line for line in answer.splitlines() if line.strip()]
    return re.sub(r"[\s\"'`*.#]+$|^[\s\"'`*.#]+", "", lines[-1])[:_LONGEST] if lines else ""


def _distinct(names: Sequence[str]) -> list[str]:
    """Names that stand for one topic each: those given again are numbered."""
    seen: dict[str, int] = {}
    out = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        out.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return out
