import re
from pathlib import Path

import pytest

from evals.cli.shared_options.suites import read_runs
from evals.suites.suite import (
    ModelChoice,
    SolverChoice,
    load_suite,
    parse_suite,
    ready_suites,
    runs_of,
)
from ratings.errors import DataMissingError, UnknownNameError
from ratings.input.strict_files import MalformedFileError
from scorers.scores.manifests import baseline_names, manifests, named_object

GOOD = """
name: demo
description: A demo.
tasks:
  - task: value_portrait
    arguments: {data: sample, variants: [v1, v2]}
    vary: {persona: [null, A nurse.], threshold: [0.3, 0.4]}
    epochs: 2
  - task: indie_value
    solvers: [random, {resemble: {k: 5}}]
  - task: indie_value
    arguments: {people: 20}
    models: [respondent/0.7]
models:
  - respondent/power
  - model: openai/gpt-4o
    generate: {temperature: 0, max_tokens: 500}
    arguments: {responses_api: true}
    base_url: https://example.org/v1
"""


def test_a_suite_is_tasks_times_arguments_times_models():
    suite = parse_suite(GOOD, "demo.yaml")
    runs = runs_of(suite)
    assert (suite.name, suite.description) == ("demo", "A demo.")
    assert [run.task for run in runs] == ["value_portrait"] * 8 + ["indie_value"] * 3
    first, second = runs[:2]
    assert first.arguments == {
        "data": "sample", "variants": ["v1", "v2"], "persona": None, "threshold": 0.3
    }  # fmt: skip
    assert first.epochs == 2
    assert first.who == ModelChoice("respondent/power")
    assert second.who == ModelChoice(
        "openai/gpt-4o",
        {"temperature": 0, "max_tokens": 500},
        {"responses_api": True},
        "https://example.org/v1",
    )
    asked = [(run.arguments["persona"], run.arguments["threshold"]) for run in runs[:8:2]]
    assert asked == [(None, 0.3), (None, 0.4), ("A nurse.", 0.3), ("A nurse.", 0.4)]
    assert [run.who for run in runs[8:]] == [
        SolverChoice("random"),
        SolverChoice("resemble", {"k": 5}),
        ModelChoice("respondent/0.7"),
    ]
    assert runs[9].label == "indie_value by baseline resemble (k=5)"
    assert runs[1].who.label == "openai/gpt-4o (responses_api=True, temperature=0, max_tokens=500)"


def test_a_persona_of_a_suite_may_be_in_a_file(tmp_path: Path):
    path = tmp_path / "nurse.txt"
    path.write_bytes(b"**Ann** # 61\r\n")
    runs = runs_of(parse_suite(GOOD.replace("A nurse.", f'"@{path}"'), "demo.yaml"))
    assert {run.arguments["persona"] for run in runs[:8]} == {None, "**Ann** # 61\r\n"}


def test_models_of_the_command_line_replace_all_models_but_no_baselines():
    runs = runs_of(parse_suite(GOOD, "demo.yaml"), ["a/b", "c/d"])
    assert [run.who.name for run in runs] == [
        *["a/b", "c/d"] * 4,
        "random",
        "resemble",
        "a/b",
        "c/d",
    ]


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "code", "shown"),
    [
        ("models:\n  - resp", "modles:\n  - resp", 14, "modles", "unknown_key", "'models'"),
        ("name: demo", "nam: demo", 2, "nam", "unknown_key", "'name'"),
        ("name: demo\n", "", 2, "", "missing", "'name'"),
        ("name: demo", "name: a/b", 2, "name", "rule", "must be letters, digits"),
        ("name: demo", "name: 7", 2, "name", "string_type", "7"),
        ("A demo.", "' '", 3, "description", "rule", "not blank"),
        ("value_portrait", "value_portrat", 5, "tasks[0].task", "unknown_name", ": value_portrait"),
        (
            "{people: 20}",
            "{peple: 20}",
            12,
            "tasks[2].arguments.peple",
            "unknown_name",
            ": people, ",
        ),
        (
            "{people: 20}",
            "{people: 2024-01-01}",
            12,
            "tasks[2].arguments.people",
            "rule",
            "or a list of these, found datetime.date",
        ),
        (
            "{people: 20}",
            "{people: {a: 1}}",
            12,
            "tasks[2].arguments.people",
            "rule",
            "found {'a': 1}",
        ),
        ("{people: 20}", "[people]", 12, "tasks[2].arguments", "dict_type", "['people']"),
        ("{people: 20}", "{people: 20, people: 30}", 12, "", "repeated_key", "'people'"),
        ("{people: 20}", "{1: 20}", 12, "", "key_not_text", "1"),
        ("[respondent/0.7]", "[]", 13, "tasks[2].models", "too_short", ""),
        ("[respondent/0.7]", "respondent/0.7", 13, "tasks[2].models", "tuple_type", "'respondent"),
        ("[respondent/0.7]", "[7]", 13, "tasks[2].models[0]", "dataclass_type", "7"),
        (
            "[respondent/0.7]",
            "[respondent/0.7, respondent/0.7]",
            11,
            "tasks[2]",
            "rule",
            "(people=20) by respondent/0.7 is listed twice (first in tasks[2])",
        ),
        ("epochs: 2", "epochs: 0", 8, "tasks[0].epochs", "greater_than_equal", "0"),
        ("epochs: 2", "epochs: true", 8, "tasks[0].epochs", "int_type", "True"),
        ("epochs: 2", "solvers: [random]", 8, "tasks[0].solvers[0]", "rule", "has no baselines"),
        ("[0.3, 0.4]}", "[]}", 7, "tasks[0].vary.threshold", "too_short", ""),
        ("[0.3, 0.4]}", "0.3}", 7, "tasks[0].vary.threshold", "list_type", "0.3"),
        (
            "vary: {",
            "vary: {data: [sample], ",
            7,
            "tasks[0].vary.data",
            "rule",
            "under 'arguments' too",
        ),
        (
            "solvers: [random",
            "solvers: [randm",
            10,
            "tasks[1].solvers[0]",
            "unknown_name",
            ": random, ",
        ),
        (
            "{resemble: {k: 5}}",
            "{resemble: {k: 5}, random: {}}",
            10,
            "tasks[1].solvers[1]",
            "rule",
            "name one baseline with its arguments",
        ),
        (
            "solvers: [random",
            "models: [a/b]\n    solvers: [random",
            10,
            "tasks[1].models",
            "rule",
            "by solvers or by models, not by both",
        ),
        (
            "max_tokens",
            "max_tokns",
            17,
            "models[1].generate.max_tokns",
            "unknown_name",
            ": max_tokens, ",
        ),
        (
            "max_tokens: 500",
            "max_tokens: lots",
            17,
            "models[1].generate.max_tokens",
            "int_type",
            "'lots'",
        ),
        (
            "max_tokens: 500",
            "max_tokens: '5'",
            17,
            "models[1].generate.max_tokens",
            "int_type",
            "'5'",
        ),
        (
            "{responses_api: true}",
            "{api_key: sk-1}",
            18,
            "models[1].arguments.api_key",
            "rule",
            "a key",
        ),
        ("base_url: ", "base_uri: ", 19, "models[1].base_uri", "unknown_key", "'base_url'"),
        ("A nurse.", '"@none.txt"', 7, "tasks[0].vary.persona[1]", "rule", "there is no file at"),
        ("name: demo", "name: [demo", 3, "", "syntax", ""),
        ("description: A demo.", "description: \tA: demo", 3, "", "syntax", ""),
    ],
)
def test_what_is_wrong_is_named_with_its_location(
    old: str, new: str, line: int, key: str, code: str, shown: str
):
    assert old in GOOD
    with pytest.raises(MalformedFileError) as caught:
        runs_of(parse_suite(GOOD.replace(old, new, 1), "demo.yaml"))
    error = caught.value
    assert (error.file, error.line, error.key, error.code) == ("demo.yaml", line, key, code)
    assert shown in str(error)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "text", ["", "# nothing\n", "a: &a [*a]", "- 1", "a: 1\n---\na: 2", "\x00"]
)
def test_odd_files_are_refused(text: str):
    with pytest.raises(MalformedFileError):
        parse_suite(text, "odd.yaml")


def test_a_task_that_nobody_answers_asks_for_a_model():
    suite = parse_suite("name: a\ntasks: [{task: value_portrait}]", "a.yaml")
    with pytest.raises(MalformedFileError, match="--model") as caught:
        runs_of(suite)
    assert (caught.value.file, caught.value.line, caught.value.key) == ("a.yaml", 2, "tasks[0]")
    with pytest.raises(MalformedFileError, match="is listed twice"):
        runs_of(suite, ["a/b", "a/b"])


def test_runs_that_are_the_same_to_inspect_have_one_key():
    text = "name: a\ntasks: [{task: value_portrait}]\nmodels: [a/b, {model: a/b, base_url: c}]"
    with pytest.raises(MalformedFileError, match="is listed twice"):
        runs_of(parse_suite(text, "a.yaml"))
    other = text.replace("base_url: c", "generate: {temperature: 1}")
    assert len(runs_of(parse_suite(other, "a.yaml"))) == 2


@pytest.mark.parametrize("name", ready_suites())
def test_a_ready_suite_is_one(name: str):
    suite = load_suite(name)
    assert suite.name == name
    assert suite.description
    runs = runs_of(suite, [] if name in ("smoke", "humans") else ["openai/gpt-4o"])
    profiles = {
        "smoke": {"decode_ratings", "tell_profiles_apart", "prism"},
        "full": {"decode_ratings", "encode_profiles"},
        "humans": {"decode_ratings"},
    }.get(name, set())
    assert {run.task for run in runs} == {"value_portrait", "indie_value", *profiles}
    sampled = {
        run.task for run in runs if run.arguments.get("data", "official") in ("sample", "planted")
    }
    # A check asks simulated people, about whom everybody can ask: the survey is for who has it.
    expected = {
        "smoke": {"value_portrait", "indie_value", *profiles},
        "regression": {"indie_value"},
    }
    assert sampled == expected.get(name, set())


def test_models_are_compared_with_the_family_that_is_fitted_here():
    """On the same ratings and representation as the models of `full`."""

    def decoded(suite: str, models: list[str]) -> dict[str, set[str]]:
        runs = runs_of(load_suite(suite), models)
        found = [run for run in runs if run.task == "decode_ratings"]
        return {
            name: {str(run.arguments["representation"]) for run in found if run.who.name == name}
            for name in {run.who.name for run in found}
        }

    of_models = decoded("full", ["openai/gpt-4o"])["openai/gpt-4o"]
    assert len(of_models) > 1
    assert decoded("humans", []) == {"family/default": of_models}


@pytest.mark.parametrize("name", ["full", "regression"])
def test_no_ready_suite_names_a_model_that_costs(name: str):
    assert not load_suite(name).models
    assert not any(entry.models for entry in load_suite(name).entries)


def test_a_suite_is_found_by_name_or_path(tmp_path: Path):
    assert ready_suites() == ["full", "humans", "regression", "smoke"]
    (tmp_path / "mine.yaml").write_text("name: mine\ntasks: [{task: value_portrait}]")
    assert load_suite(str(tmp_path / "mine.yaml")).name == "mine"
    with pytest.raises(UnknownNameError) as unknown:
        load_suite("smok")
    assert (unknown.value.name, unknown.value.allowed[0]) == ("smok", "smoke")
    with pytest.raises(DataMissingError, match=r"none\.yaml"):
        load_suite(str(tmp_path / "none.yaml"))
    (tmp_path / "bad.yaml").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(MalformedFileError, match="is not UTF-8 text"):
        load_suite(str(tmp_path / "bad.yaml"))


def test_the_suite_in_the_manual_is_one():
    page = (Path(__file__).parents[3] / "docs" / "suites.md").read_text(encoding="utf-8")
    (text,) = re.findall(r"```yaml\n(.*?)```", page, flags=re.DOTALL)
    runs = runs_of(parse_suite(text, "docs/suites.md"))
    assert [run.task for run in runs] == ["value_portrait"] * 4 + ["indie_value"] * 2
    for name in ready_suites():
        assert f"| `{name}` |" in page


def test_the_baselines_are_those_of_their_tasks():
    paths = [path for manifest in manifests().values() for path in manifest.solvers.values()]
    assert len(paths) == len(baseline_names()) == 8
    assert all(callable(named_object(path)) for path in paths)


@pytest.mark.parametrize(
    "models",
    [
        ["respondent/power,respondent/0.7"],
        ["respondent/power", "respondent/0.7"],
        [" respondent/power , respondent/0.7,"],
    ],
)
def test_models_may_be_given_with_commas_or_one_by_one(models: list[str]):
    _, runs = read_runs("smoke", models)
    assert {run.who.name for run in runs if isinstance(run.who, ModelChoice)} == {
        "respondent/power",
        "respondent/0.7",
    }


def test_a_model_keeps_the_commas_of_its_object():
    name = 'respondent/{"accuracy": 0.6, "Sex": {"male": 0.8}}'
    _, runs = read_runs("smoke", [name])
    assert {run.who.name for run in runs if isinstance(run.who, ModelChoice)} == {name}
