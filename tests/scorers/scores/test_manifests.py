"""A manifest is read strictly, and says of each benchmark what the rest needs."""

import re
from importlib import import_module
from pathlib import Path

import pytest

from ratings.errors import UnknownNameError
from ratings.input.strict_files import MalformedFileError
from ratings.instruments.dimensions import FAMILIES
from ratings.instruments.indie_value import DIMENSIONS
from ratings.sources.cards import load_card
from scorers.scores.manifests import (
    ROLES,
    benchmark_folders,
    manifest_of,
    manifests,
    read_manifest,
    task_modules,
)

(FOLDER,) = benchmark_folders()
GOOD = (FOLDER / "value_portrait" / "manifest.yaml").read_text(encoding="utf-8")


def test_every_benchmark_has_one():
    alone = {path.parent.name for path in FOLDER.glob("*/task.py")}
    together = {"encode_profiles", "decode_ratings", "tell_profiles_apart"}
    together |= {"filter_queries", "write_responses"}
    assert set(manifests()) == alone | together
    for name, manifest in manifests().items():
        assert manifest.name == name
        assert {argument.role for argument in manifest.arguments.values()} <= set(ROLES)
        assert any(family.headline for family in manifest.scores.values())
        for card in manifest.cards.values():
            assert load_card(card)


def test_the_module_of_every_task_is_known():
    modules = task_modules()
    assert set(modules) == set(manifests())
    assert modules["indie_value"] == "benchmarks.indie_value.task"
    assert modules["decode_ratings"] == "benchmarks.value_profiles.decode_ratings"
    for name, module in modules.items():
        assert hasattr(import_module(module), name)


@pytest.mark.parametrize(
    ("benchmark", "units"),
    [("value_portrait", "items"), ("indie_value", "people"), ("decode_ratings", "raters"),
     ("tell_profiles_apart", "instances")],
)  # fmt: skip
def test_what_two_runs_share_is_named(benchmark: str, units: str):
    assert manifest_of(benchmark).answers.units == units


def test_what_is_averaged_goes_with_a_mean_alone(tmp_path: Path):
    good = (FOLDER / "value_profiles" / "decode_ratings.manifest.yaml").read_text()
    path = tmp_path / "decode_ratings.manifest.yaml"
    path.write_text(good.replace("    of: brier\n", ""))
    with pytest.raises(MalformedFileError, match="scores.brier: 'of' says what mean_of is"):
        read_manifest(path)
    path.write_text(GOOD.replace("    margin: 0.2", "    margin: 0.2\n    of: loss", 1))
    with pytest.raises(MalformedFileError, match="goes with it alone"):
        read_manifest(path)


def test_names_are_those_of_the_dimensions():
    families = manifest_of("value_portrait").scores
    assert {name: family.names for name, family in families.items()} == FAMILIES
    spreads = manifest_of("indie_value").scores
    assert spreads["sigma_inequity"].groups == tuple(DIMENSIONS)
    assert spreads["sigma_inequity_corrected"].groups == tuple(DIMENSIONS)


def test_arguments_by_role():
    manifest = manifest_of("indie_value")
    assert manifest.arguments_of("part") == ["probe", "people"]
    assert "demonstrations" in manifest.arguments_of("setting", "condition")


def test_an_unknown_benchmark_names_the_nearest():
    with pytest.raises(UnknownNameError) as caught:
        manifest_of("indy_value")
    assert (caught.value.name, caught.value.allowed[0]) == ("indy_value", "indie_value")


@pytest.mark.parametrize(
    ("old", "new", "key", "code", "shown"),
    [
        ("about:", "abuot:", "abuot", "unknown_key", "'about'"),
        ("comparability: 3-A\n", "", "", "missing", "'comparability'"),
        ("role: rater", "role: ratr", "arguments.persona.role", "literal_error", "'rater'"),
        ("direction: none", "direction: up", "scores.schwartz.direction", "literal_error", "'up'"),
        (
            "estimator: tagged_mean",
            "estimator: mean",
            "scores.big_five.estimator",
            "literal_error",
            "'mean'",
        ),
        ("range: [0.83, 5]", "range: [5, 0.83]", "scores.big_five.range", "rule", "must rise"),
        (
            "range: [0.83, 5]",
            "range: [.nan, 5]",
            "scores.big_five.range[0]",
            "finite_number",
            "nan",
        ),
        ("layout: variants", "layout: grid", "answers.layout", "literal_error", "'grid'"),
        (
            "[portrait, portrait_with_expected]",
            "portrait",
            "answers.scorers",
            "tuple_type",
            "'portrait'",
        ),
        ("margin: 0.2", "margin: a lot", "scores.schwartz.margin", "float_type", "'a lot'"),
        ("margin: 0.2", "margin: true", "scores.schwartz.margin", "float_type", "True"),
        ("margin: 0.2", "margin: 0", "scores.schwartz.margin", "greater_than", "0"),
        ("layout: variants", "layuot: variants", "answers.layuot", "unknown_key", "'layout'"),
        ("text: true", "text: 1", "arguments.persona.text", "bool_type", "1"),
        (
            "scale: 0.83",
            "by: {colum: x} # 0.83",
            "scores.big_five.by.colum",
            "literal_error",
            "'column'",
        ),
    ],
)
def test_what_is_not_right_is_named(
    tmp_path: Path, old: str, new: str, key: str, code: str, shown: str
):
    assert old in GOOD
    path = tmp_path / "manifest.yaml"
    path.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(MalformedFileError) as error:
        read_manifest(path)
    line = GOOD[: GOOD.index(old)].count("\n") + 1 if key else 2
    found = error.value
    assert (found.file, found.line, found.key, found.code) == (str(path), line, key, code)
    assert shown in str(found)


def test_an_estimator_of_another_layout_is_named(tmp_path: Path):
    path = tmp_path / "manifest.yaml"
    path.write_text(GOOD.replace("layout: variants", "layout: choices"), encoding="utf-8")
    with pytest.raises(MalformedFileError, match="needs the layout variants") as error:
        read_manifest(path)
    assert error.value.key == "scores.schwartz.estimator"


@pytest.mark.parametrize("text", ["[1, 2]", "a: b: c", ""])
def test_what_is_no_mapping_is_refused(tmp_path: Path, text: str):
    path = tmp_path / "manifest.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(MalformedFileError, match=re.escape(str(path))):
        read_manifest(path)
