"""Names of topics from their words and from a model."""

import pytest
from inspect_ai.log import list_eval_logs, read_eval_log
from inspect_ai.model import Model, ModelOutput, ModelUsage, get_model

from evals.topics.names import TopicText, names_by_model, names_of_words
from ratings.errors import DataError

TOPICS = [
    TopicText(["death penalty", "death", "prison"], ["Is the death penalty\nright?"] * 5),
    TopicText(["dogs", "my dogs", "cats"], ["dogs " * 500]),
]


def saying(of_dogs: str, of_others: str) -> Model:
    """A model without a network: it counts no tokens, for which Inspect would fetch a table."""

    def answer(messages, *_):
        text = of_dogs if "dogs" in messages[-1].text else of_others
        output = ModelOutput.from_content("mockllm/model", text)
        output.usage = ModelUsage()
        return output

    return get_model("mockllm/model", custom_outputs=answer, memoize=False)


def test_a_name_is_of_words_that_do_not_repeat_each_other():
    assert names_of_words(TOPICS) == ["death penalty, prison", "dogs, cats"]
    assert names_of_words([TopicText([], [])] * 2) == ["(no words)", "(no words) (2)"]


def test_a_model_is_asked_once_a_topic(tmp_path):
    found = names_by_model(TOPICS, saying("Pets", "Pets"), tmp_path)
    assert found == ["Pets", "Pets (2)"]
    (info,) = list_eval_logs(str(tmp_path))
    log = read_eval_log(info)
    assert log.samples is not None
    asked = [str(sample.input) for sample in log.samples]
    assert len(asked) == 2
    assert "death penalty, death, prison" in asked[0]
    assert asked[0].count("- Is the death penalty right?") == 5
    assert max(map(len, asked)) < 2_000


def test_what_a_model_writes_is_cleaned_and_silence_is_named_from_words(tmp_path):
    model = saying('Here is a name:\n\n"Dogs and Cats".', "  \n")
    assert names_by_model(TOPICS, model, tmp_path) == ["death penalty, prison", "Dogs and Cats"]


def test_a_model_that_fails_is_said_in_one_line(tmp_path):
    def broken(*_: object) -> ModelOutput:
        raise ValueError("out of order\nin two lines")

    model = get_model("mockllm/model", custom_outputs=broken, memoize=False)
    with pytest.raises(DataError, match="mockllm/model cannot name topics: .*order") as error:
        names_by_model(TOPICS, model, tmp_path)
    assert "\n" not in str(error.value)
