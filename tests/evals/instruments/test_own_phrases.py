"""An instrument in another language, from its build to scores; and what is refused."""

import json
import shutil
from importlib import resources
from pathlib import Path

import pytest
from inspect_ai import score
from inspect_ai.log import read_eval_log

from benchmarks.value_portrait.task import value_portrait
from evals.cli.main import main
from ratings.instruments.value_portrait import CHOICES, load_instrument
from scorers.answers.phrases.own_phrases import read_by_phrases
from scorers.inspect_adapter.portrait import portrait
from studies.instrument_study import MadeStudy, make_study
from tests.evaluate import evaluate

GERMAN = ["gar nicht wie ich", "nicht wie ich", "ein wenig wie ich", "etwas wie ich", "wie ich",
          "sehr wie ich"]  # fmt: skip
CHINESE = ["完全不像我", "不像我", "有一点像我", "有些像我", "像我", "非常像我"]


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> MadeStudy:
    return make_study(tmp_path_factory.mktemp("study"))


def translated(folder: Path, phrases: list[str]) -> Path:
    """The prompts of the sample with phrases of another language."""
    shipped = resources.files("ratings") / "samples/value_portrait/lm_evaluation/prompts"
    shutil.copytree(str(shipped), folder)
    pairs = sorted(zip(CHOICES, phrases, strict=True), key=lambda pair: -len(pair[0]))
    for path in folder.rglob("*.txt"):
        text = path.read_text(encoding="utf-8")
        for english, other in pairs:
            text = text.replace(english, other)
        path.write_text(text, encoding="utf-8")
    return folder


def build(study: MadeStudy, folder: Path, phrases: object, *more: str) -> int:
    file = folder / "phrases.json"
    file.write_text(json.dumps(phrases), encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["instrument", "build", *study.arguments(), "--questionnaire", "pvq21", "--name",
              "ours", "--out", str(folder / "ours"), "--phrases", str(file), *more])  # fmt: skip
    return int(ended.value.code or 0)


@pytest.mark.parametrize("phrases", [GERMAN, CHINESE], ids=["german", "chinese"])
def test_an_instrument_in_another_language(study: MadeStudy, tmp_path: Path, phrases: list[str]):
    prompts = translated(tmp_path / "prompts", phrases)
    given = [[phrases[0], f"{phrases[0]} x"], *phrases[1:]]
    assert build(study, tmp_path, given, "--prompts", str(prompts)) == 0
    data = tmp_path / "ours"
    assert load_instrument(str(data)).choices == tuple(phrases)
    (log,) = evaluate(
        value_portrait(data=str(data)), model="respondent/power", log_dir=str(tmp_path / "logs")
    )
    assert log.status == "success", log.error
    assert log.eval.metadata["answer_phrases"][0] == given[0]
    found = {name: one.value for of in log.results.scores for name, one in of.metrics.items()}
    assert found["valid"] == 1
    assert found["Power"] > 0.5 > -0.5 > found["Universalism"]
    (people,) = evaluate(value_portrait(data=str(data), variants="v1"), model="humans/0",
                         log_dir=str(tmp_path / "people"))  # fmt: skip
    assert people.samples[0].output.completion.removeprefix("v1: ") in phrases
    shutil.rmtree(data)
    again = score(read_eval_log(log.location), portrait(), action="overwrite")
    values = [[next(iter(s.scores.values())).value for s in one.samples] for one in (log, again)]
    assert values[0] == values[1]


@pytest.mark.parametrize(
    ("option", "value"), [("logprobs", True), ("reading", "published")], ids=str
)
def test_what_reads_english_only_is_refused(study: MadeStudy, tmp_path: Path, option, value):
    prompts = translated(tmp_path / "prompts", GERMAN)
    assert build(study, tmp_path, GERMAN, "--prompts", str(prompts)) == 0
    with pytest.raises(Exception, match=f"{option}.* English phrases only, and ours has its own"):
        value_portrait(data=str(tmp_path / "ours"), **{option: value})


@pytest.mark.parametrize(
    ("phrases", "message"),
    [
        (GERMAN[:5], "5 phrases; give six"),
        ([*GERMAN[:5], "Wie  ich"], "phrases 5 and 6 are both"),
        ([*GERMAN[:5], "exakt wie ich"], "does not offer the answer 'exakt wie ich'"),
        ([*GERMAN[:5], "..."], "is not one line of words"),
    ],
)
def test_phrases_are_refused_in_one_line(
    study: MadeStudy, tmp_path: Path, capsys, phrases: list[str], message: str
):
    prompts = translated(tmp_path / "prompts", GERMAN)
    assert build(study, tmp_path, phrases, "--prompts", str(prompts)) == 3
    (line,) = capsys.readouterr().err.splitlines()
    assert message in line
    assert build(study, tmp_path, GERMAN) == 3
    assert "phrases need prompts that offer them" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("phrases", "answer", "stop", "expected"),
    [
        (GERMAN, "  GAR NICHT WIE ICH \n", "stop", 1),
        (GERMAN, "**Nicht wie ich.** Denn so bin ich.", "stop", 2),
        (GERMAN, "Ich würde sagen: sehr wie ich", "stop", 6),
        (GERMAN, "wie ich, oder nicht wie ich", "stop", "ambiguous"),
        (GERMAN, "wie ichs sehe", "stop", "unparseable"),
        (GERMAN, "", "stop", "empty"),
        (GERMAN, "<think>wie ich</think>nicht wie ich", "stop", 2),
        (GERMAN, "gar nicht wie", "max_tokens", "truncated"),
        (GERMAN, "wie ich", "content_filter", "refusal"),
        (CHINESE, "我觉得完全不像我。", "stop", 1),
        (CHINESE, "像我", "stop", 5),
        (CHINESE, "这不像我吧", "stop", 2),
        ([["me"], ["me too"]], "me", "max_tokens", "truncated"),
        ([["मेरे जैस"], ["मेरे जैसा"]], "मेरे जैसा", "stop", 2),
        ([["STRASSE"], ["weg"]], "Straße", "stop", 1),
    ],
)
def test_answers_are_read_by_the_phrases(phrases, answer: str, stop: str, expected):
    variants = [[one] if isinstance(one, str) else one for one in phrases]
    found = read_by_phrases(answer, stop, variants)
    assert (found.rating or found.status) == expected
