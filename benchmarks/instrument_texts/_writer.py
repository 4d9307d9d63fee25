"""`text_writer/steady`: a made-up model that answers the two tasks, to try them without a model.

It finds every query of use and touching all ten values, and writes the same replies to each: of the
right length, and about nothing.
"""

import json
from typing import Any

from inspect_ai.model import (
    ChatMessage,
    GenerateConfig,
    ModelAPI,
    ModelOutput,
    ModelUsage,
    modelapi,
)
from inspect_ai.tool import ToolChoice, ToolInfo

from ratings.instruments.dimensions import SCHWARTZ
from scorers.answers.query_judgement import FAULTS
from scorers.answers.written_responses import FIVE
from scorers.inspect_adapter.instrument_texts.judged import ENGAGED, JUDGED

# In the metadata of a message: what it asks for.
ASKED_FOR = "asked_for"
RESPONSES, REPLY = "responses", "reply"
_SYLLABLES = ("ba", "de", "fi", "go", "lu")
_WORDS, _WORDS_OF_ONE = 30, 20


def _words(syllable: str, count: int) -> str:
    return " ".join(f"{syllable}{number}" for number in range(1, count + 1)) + "."


_SAYS: dict[str, str] = {
    JUDGED: json.dumps(dict.fromkeys(FAULTS, False)),
    ENGAGED: json.dumps({"values": list(SCHWARTZ)}),
    RESPONSES: json.dumps({"responses": [_words(s, _WORDS) for s in _SYLLABLES[:FIVE]]}),
    REPLY: _words(_SYLLABLES[0], _WORDS_OF_ONE),
}


@modelapi(name="text_writer")
class TextWriter(ModelAPI):
    """Says what the message's metadata asks for."""

    async def generate(
        self,
        input: list[ChatMessage],
        tools: list[ToolInfo],
        tool_choice: ToolChoice,
        config: GenerateConfig,
    ) -> ModelOutput:
        """The answer; empty where the message asks for nothing that it knows."""
        asked: dict[str, Any] = input[-1].metadata or {}
        text = _SAYS.get(str(asked.get(ASKED_FOR)), "")
        output = ModelOutput.from_content(self.model_name, text)
        output.usage = ModelUsage(input_tokens=0, output_tokens=0, total_tokens=0)
        return output
