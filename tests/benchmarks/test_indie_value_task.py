import json
from pathlib import Path

import numpy as np
import pytest
from inspect_ai._util.error import PrerequisiteError
from inspect_ai.model import ModelOutput

from benchmarks.indie_value._prompt import prompt_template, render_prompt
from benchmarks.indie_value._setup import Setup, load_material
from benchmarks.indie_value.task import indie_value
from ratings.input.prompt_template import template_hash
from ratings.instruments.indie_value import PROBES, load_catalog
from scorers.answers.statement_choice import STATUSES
from tests.benchmarks.indie_value_runs import (
    SETUP,
    answering,
    events,
    first_of_all,
    report_of,
    run,
)


def test_a_reader_of_known_accuracy_is_found_out(tmp_path: Path):
    """Right about 70 per cent of men and 50 per cent of women."""
    profile = tmp_path / "reader.json"
    profile.write_text('{"accuracy": 0.5, "Sex": {"male": 0.7, "female": 0.5}}')
    log = run(indie_value(data="sample", people=40), f"respondent/{profile}", tmp_path)
    report = report_of(log)
    assert len(log.samples) == 120
    people = report.people
    material = load_material(SETUP)
    sex = material.survey.groups("Sex").loc[people.index]
    for label, chance in (("male", 0.7), ("female", 0.5)):
        mine = people["accuracy"][(sex == label).to_numpy()]
        # four standard errors of a share of that many answers
        error = np.sqrt(chance * (1 - chance) / (117 * len(mine)))
        assert abs(mine.mean() - chance) < 4 * error
    found = report.dimensions["Sex"].corrected
    assert found.low < 20 / np.sqrt(2) < found.high
    assert report.inequity.raw > report.inequity.corrected.value
    assert report.counts == {**dict.fromkeys(STATUSES, 0), "valid": 40 * 117}


def test_metrics_in_the_log_are_those_of_the_report(tmp_path: Path):
    log = run(indie_value(data="sample", people=10, probe=2), "respondent/0.6", tmp_path)
    report = report_of(log)
    found = {
        name: metric.value for score in log.results.scores for name, metric in score.metrics.items()
    }
    for name, estimate in report.accuracy.items():
        assert found[name] == pytest.approx(estimate.value)
        assert found[f"{name}_low"] == pytest.approx(estimate.low)
    assert set(report.accuracy) >= {"accuracy", "accuracy_answered", "probe 2", "Security"}
    assert "probe 1" not in report.accuracy
    assert found["sigma_inequity"] == pytest.approx(report.inequity.raw)
    assert found["sigma_inequity_corrected"] == pytest.approx(report.inequity.corrected.value)
    assert found["sigma_inequity_p"] == report.inequity.p_value
    assert found["valid"] == 1
    assert log.eval.metadata["synthetic"] is True
    assert log.eval.metadata["template_sha256"] == template_hash(prompt_template())
    assert log.eval.task_version == "3-A"


def test_the_prompt_shows_what_the_person_said_and_asks_what_is_open(tmp_path: Path):
    prompts: list[str] = []

    def answer(text: str, questions: dict[str, str], call: int) -> str:
        prompts.append(text)
        return first_of_all(questions)

    task = indie_value(
        data="sample", people=1, probe=1, demonstrations=50, demographics="with",
        demonstration_form="refined",
    )  # fmt: skip
    log = run(task, answering("showing", answer), tmp_path)
    (prompt,) = prompts
    assert not any(
        position in prompt for position in ("{known_statements}", "{new_statement_groups}")
    )
    known = prompt.rpartition("[Known Statements of Person A]:\n")[2].partition("\n\n")[0]
    material = load_material(Setup("sample", None, 0, 50, "refined", "polar", "with"))
    person = material.survey.people.loc[log.samples[0].metadata["person"]]
    lines = known.splitlines()
    assert len(lines) == 50 + person.notna().sum()
    assert lines[0] == f"# I live in {person['B_COUNTRY']}" or person["B_COUNTRY"] in lines[0]
    refined = {text for texts in material.catalog.statements["refined"] for text in texts}
    assert {line.removeprefix("# ") for line in lines[-50:]} <= refined
    laid_out = prompt.rpartition("[New Groups of Statements]:\n")[2].partition("\n\n")[0]
    asked = json.loads(laid_out)
    assert laid_out == json.dumps(asked, indent=4)
    assert len(asked) == 39
    statements = [next(iter(option.values())) for option in asked["new statement group 1 (NSG1)"]]
    assert tuple(statements) == material.catalog.statements["polar"][0]
    columns = material.catalog.positions(PROBES[1])
    assert not {line.removeprefix("# ") for line in lines} & {
        text for column in columns for text in material.catalog.statements["refined"][column]
    }


def test_demographics_alone_and_nothing_known(tmp_path: Path):
    material = load_material(Setup("sample", None, 0, 0, "polar", "polar", "none"))
    assert material.questions_shown(0, 1) == material.known_statements(0, []) == []
    assert material.questions_shown_before_each(0, 1) == [[]] * 39
    alone = load_material(Setup("sample", None, 0, 200, "polar", "polar", "alone"))
    assert 24 <= len(alone.known_statements(0, alone.questions_shown(0, 1))) <= 31


def test_statements_of_the_catalog_are_shown_as_the_models_of_the_paper_saw_them(mirror: Path):
    """91 of 567 polar and 176 of 929 refined statements begin in lower case in the catalog."""
    template = "<{known_statements}>\n{new_statement_groups}"
    for form, lower in (("polar", 91), ("refined", 176)):
        groups = load_catalog("official").statements[form]
        statements = [text for group in groups for text in group]
        assert sum(text[0].islower() for text in statements) == lower
        asked = {f"NSG{i}": group for i, group in enumerate(groups, 1)}
        known, _, laid_out = render_prompt(template, statements, asked).partition(">\n")
        lines = known.removeprefix("<").split("\n")
        for line, text in zip(lines, statements, strict=True):
            assert line[:2] == "# "
            assert not line[2].islower()
            assert line[3:] == text[1:]
        assert laid_out.split("\n")[:4] == [
            "{",
            '    "new statement group 1 (NSG1)": [',
            "        {",
            f'            "NSG1_s1": {json.dumps(groups[0][0])}',
        ]
        options = [option for group in json.loads(laid_out).values() for option in group]
        assert [text for option in options for text in option.values()] == statements
    nothing = render_prompt(template, [], {"NSG1": ["yes", "no"]})
    assert nothing.startswith("<>\n{")


def test_missing_and_impossible_choices_are_asked_again(tmp_path: Path):
    """First call: one group absent, one impossible; then only these are asked."""
    asked: list[list[str]] = []

    def answer(text: str, questions: dict[str, str], call: int) -> str:
        asked.append(list(questions))
        good = {label: {"choice": f"{label}_s1"} for label in questions}
        if call == 1:
            del good["NSG5"]
            good["NSG7"] = {"choice": "NSG7_s99"}
        return json.dumps(good)

    log = run(
        indie_value(data="sample", people=1, probe=1), answering("forgetful", answer), tmp_path
    )
    assert asked == [[f"NSG{i}" for i in range(1, 40)], ["NSG5", "NSG7"]]
    first, second = events(log)
    assert (first.config.temperature, second.config.temperature) == (0, 0.6)
    assert report_of(log).counts["valid"] == 39


def test_after_three_more_calls_a_choice_stays_missing(tmp_path: Path):
    def answer(text: str, questions: dict[str, str], call: int) -> str:
        return first_of_all([label for label in questions if label != "NSG3"])

    log = run(
        indie_value(data="sample", people=1, probe=1), answering("stubborn", answer), tmp_path
    )
    report = report_of(log)
    assert len(events(log)) == 4
    # The last calls asked for one group and got an object without any.
    assert report.counts["valid"] == 38
    right = report.run.grid().right.sum()
    assert report.accuracy["accuracy"].value == pytest.approx(right / 39)
    assert report.accuracy["accuracy_answered"].value == pytest.approx(right / 38)


def test_a_cached_run_asks_again_and_never_repeats_itself(tmp_path: Path, monkeypatch):
    """The same call three times over is three calls; a second run makes none."""
    monkeypatch.setenv("INSPECT_CACHE_DIR", str(tmp_path / "cache"))
    calls: list[int] = []

    def answer(text: str, questions: dict[str, str], call: int) -> str:
        calls.append(call)
        hidden = "NSG3" if call < 4 else None
        return first_of_all([label for label in questions if label != hidden])

    model = answering("hesitant", answer)
    for _ in range(2):
        log = run(indie_value(data="sample", people=1, probe=1), model, tmp_path, cache=True)
        assert report_of(log).counts["valid"] == 39
        assert calls == [1, 2, 3, 4]


def test_an_answer_cut_off_by_a_limit_is_its_own_kind_with_advice(tmp_path: Path):
    def answer(text: str, questions: dict[str, str], call: int) -> ModelOutput:
        whole = first_of_all(questions)
        return ModelOutput.from_content("short", whole[: len(whole) // 3], stop_reason="max_tokens")

    log = run(indie_value(data="sample", people=1, probe=1), answering("short", answer), tmp_path)
    report = report_of(log)
    assert report.counts["truncated"] > 0
    assert report.counts["valid"] + report.counts["truncated"] == 39
    (score,) = log.samples[0].scores.values()
    assert "cut off by a limit on tokens: raise --max-tokens" in score.explanation


def test_a_limit_leaves_what_was_answered_before_it(tmp_path: Path):
    """The second call passes the limit: 38 choices stay, and only the missing one is lost."""

    def answer(text: str, questions: dict[str, str], call: int) -> ModelOutput:
        return ModelOutput.from_content("costly", first_of_all(list(questions)[1:]))

    task = indie_value(data="sample", people=1, probe=1)
    log = run(task, answering("costly", answer, tokens=60), tmp_path, token_limit=100)
    report = report_of(log)
    assert len(events(log)) == 2
    assert report.counts["valid"] == 38
    task = indie_value(data="sample", people=1, probe=1)
    log = run(task, answering("dearer", answer, tokens=600), tmp_path, token_limit=1)
    assert report_of(log).counts["unasked"] + report_of(log).counts["valid"] >= 38


def test_a_template_of_the_users_own(tmp_path: Path):
    own = tmp_path / "own.txt"
    own.write_text("Groups: {new_statement_groups}\nKnown: {known_statements}\nBraces {stay}.")
    prompts: list[str] = []

    def answer(text: str, questions: dict[str, str], call: int) -> str:
        prompts.append(text)
        return first_of_all(questions)

    task = indie_value(data="sample", people=1, probe=1, prompt=str(own))
    log = run(task, answering("templated", answer), tmp_path)
    (text,) = prompts
    assert text.startswith('Groups: {\n    "new statement group 1')
    assert text.endswith("Braces {stay}.")
    assert log.eval.metadata["template_sha256"] == template_hash(own.read_text())


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        ({"demonstrations": 250}, "demonstrations must be a whole number from 0 to 200"),
        ({"demonstrations": 250}, "each probe set leaves 214 questions, and 200 of them"),
        ({"demonstrations": -1}, "from 0 to 200 or a category, found -1"),
        ({"demonstrations": "--5"}, "unknown category for demonstrations '--5'"),
        ({"demonstrations": "\u00b2"}, "unknown category for demonstrations"),
        ({"demonstrations": "201"}, "from 0 to 200 or a category, found '201'"),
        ({"demonstrations": "Securty"}, "unknown category for demonstrations 'Securty'; "),
        ({"demonstrations": "Securty"}, "nearest first): Security, "),
        ({"probe": 4}, "unknown value for probe '4'"),
        ({"people": 801}, "people must be a whole number from 1 to 800, found 801"),
        ({"grouping": "one"}, "unknown value for grouping 'one'"),
        ({"probe_form": "polr"}, "unknown value for probe_form 'polr'; allowed (nearest first): p"),
        ({"demographics": True}, "unknown value for demographics 'True'"),
        ({"survey": "x.csv"}, "the sample simulates its people and reads no survey; leave x.csv"),
        ({"seed": -1}, "seed must be a whole number from 0 to"),
        ({"prompt": "nowhere.txt"}, "there is no prompt template at"),
        ({"pepole": 3}, "unknown task argument 'pepole'; allowed (nearest first): people, "),
        ({"data": "official", "survey": "/nowhere.csv"}, "-T survey=PATH"),
    ],
)
def test_wrong_arguments_are_reported_in_one_line(arguments: dict, part: str, request):
    if arguments.get("data") == "official":
        request.getfixturevalue("mirror")
    with pytest.raises(PrerequisiteError) as caught:
        indie_value(**{"data": "sample"} | arguments)
    message = str(caught.value.message).replace("\\[", "[")
    assert part in message
    assert "\n" not in message


def test_no_survey_names_the_three_ways_and_the_sample(mirror: Path, monkeypatch):
    monkeypatch.delenv("VALUEGAUGE_WVS", raising=False)
    with pytest.raises(PrerequisiteError) as caught:
        indie_value()
    for way in ("-T survey=PATH", "VALUEGAUGE_WVS=PATH", "VALUEGAUGE_DATA", "-T data=sample"):
        assert way in str(caught.value.message)


def test_a_category_with_commas_arrives_as_a_list():
    name = "Social Values, Attitudes & Stereotypes"
    assert name in load_catalog("sample").categories
    task = indie_value(data="sample", people=1, probe=1, demonstrations=name.split(","))
    assert task.dataset[0].metadata["setup"]["demonstrations"] == name


@pytest.mark.parametrize(("text", "count"), [("no fields", 0), ("{known_statements}" * 2, 2)])
def test_a_template_without_its_fields_is_refused(tmp_path: Path, text: str, count: int):
    own = tmp_path / "own.txt"
    own.write_text(text)
    with pytest.raises(PrerequisiteError, match=f"it does {count} times"):
        indie_value(data="sample", prompt=str(own))


def test_epochs_average_over_a_person(tmp_path: Path):
    task = indie_value(data="sample", people=3, probe=1)
    log = run(task, "respondent/0.6", tmp_path, epochs=2)
    report = report_of(log)
    assert report.run.grid().right.shape == (6, 39)
    assert len(report.people) == 3
