import csv
import inspect
import re
from importlib import resources

import numpy as np
import pytest
import yaml

from benchmarks.indie_value.task import indie_value
from benchmarks.value_portrait.task import value_portrait
from leaderboard.published.figures import published_rows
from ratings.instruments.dimensions import BIG_FIVE, SCHWARTZ
from ratings.instruments.indie_value import PROBES, load_catalog
from scorers.scores.manifests import Manifest, ScoreFamily, manifest_of
from tests.published.recordings import cells

FOLDER = resources.files("leaderboard.published")
FILES = sorted(
    (path for path in FOLDER.iterdir() if path.name.endswith(".csv")), key=lambda path: path.name
)
TASKS = {"value_portrait": value_portrait, "indie_value": indie_value}
# Those of several data sets are looked at in `test_published_value_profiles.py`.
OF_PROFILES = {"decode_ratings", "tell_profiles_apart"}
# What papers print of changes of a model; the studies of the same names read them.
OF_STUDIES = {"personas", "steering"}
LINES = {
    name: list(csv.DictReader(path.read_text("utf-8").splitlines()))
    for path in FILES
    if (name := path.name.removesuffix(".csv")) in TASKS
}
PROBE_SETS = [f"probe {number}" for number in PROBES]
ACCURACIES = ("accuracy", *PROBE_SETS)


def families(manifest: Manifest) -> dict[str, ScoreFamily]:
    """The family of each score that a paper prints; a family split by probe set has one a set."""
    found = {}
    for family in manifest.scores.values():
        split = PROBE_SETS if family.by.get("sample") == "probe" else [family.name]
        found |= dict.fromkeys(family.names or family.of_each_group or split, family)
    return found


def needs(settings: str) -> dict[str, str]:
    """The settings that a figure needs, by name."""
    return dict(part.split("=") for part in settings.split())


def defaults(benchmark: str) -> dict[str, object]:
    """The settings of a run that leaves them alone."""
    parameters = inspect.signature(TASKS[benchmark]).parameters
    names = manifest_of(benchmark).arguments_of("setting", "condition")
    return {name: parameters[name].default for name in names}


def rows(benchmark: str, **changed: object) -> dict[str, dict[str, float]]:
    """Figures by rater, in a table whose settings are the defaults but for some."""
    manifest = manifest_of(benchmark)
    settings = {**defaults(benchmark), **changed}
    found = published_rows(benchmark, manifest.cards["official"], families(manifest), settings)
    return {one["rater"]: one["values"] for one in found}


def test_every_file_is_of_a_benchmark():
    expected = {*TASKS, *OF_PROFILES, *OF_STUDIES}
    assert {path.name for path in FILES} == {f"{name}.csv" for name in expected}


@pytest.mark.parametrize("benchmark", LINES)
def test_a_line_says_what_the_manifest_knows(benchmark: str):
    manifest, known = manifest_of(benchmark), families(manifest_of(benchmark))
    for line in LINES[benchmark]:
        assert list(line) == ["card", "rater", "source", "score", "value", "settings"]
        assert line["card"] == manifest.cards["official"]
        low, high = known[line["score"]].range
        assert low <= float(line["value"]) <= high, line
        assert re.fullmatch(r"-?\d+\.\d\d", line["value"]), line
        assert re.fullmatch(r"\w+ et al\. \(\d{4}\), Table \d+", line["source"]), line
        assert manifest.paper.startswith(line["source"].split(",")[0])
        assert needs(line["settings"]).keys() <= defaults(benchmark).keys(), line


@pytest.mark.parametrize("benchmark", LINES)
def test_the_task_takes_what_a_line_needs(benchmark: str):
    """The task refuses a value that is not one of its own."""
    for settings in {line["settings"] for line in LINES[benchmark]}:
        needed = {name: yaml.safe_load(value) for name, value in needs(settings).items()}
        few = {"people": 1} if benchmark == "indie_value" else {}
        TASKS[benchmark](**{**few, **needed}, data="sample")


@pytest.mark.parametrize("benchmark", LINES)
def test_no_figure_is_listed_twice(benchmark: str):
    keys = [
        tuple(line[k] for k in ("card", "rater", "score", "settings")) for line in LINES[benchmark]
    ]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("benchmark", LINES)
def test_each_table_that_a_line_is_for_has_its_figure_and_no_other(benchmark: str):
    """No table has two figures for one score of one rater, of which it would show the last."""
    for asked in {line["settings"]: needs(line["settings"]) for line in LINES[benchmark]}.values():
        found = rows(benchmark, **asked)
        settings = {**defaults(benchmark), **asked}
        fitting = [
            line
            for line in LINES[benchmark]
            if all(str(settings[name]) == value for name, value in needs(line["settings"]).items())
        ]
        assert list(found) == list(dict.fromkeys(line["rater"] for line in fitting))
        assert sum(map(len, found.values())) == len(fitting)
        for line in fitting:
            assert found[line["rater"]][line["score"]] == float(line["value"])


def test_value_portraits_tables_are_whole():
    """27 models with 15 figures in Tables 5 and 6, six more with ten in Table 7, 11 in Table 8."""
    found = rows("value_portrait")
    both, values = list(found.values())[:27], list(found.values())[27:]
    assert all(tuple(row) == SCHWARTZ + BIG_FIVE for row in both)
    assert all(tuple(row) == SCHWARTZ for row in values)
    assert len(values) == 6 + 11


def test_other_tags_leave_value_portraits_figures_out():
    assert rows("value_portrait", threshold=0.2) == {}


def test_value_portraits_figures_are_shown_next_to_either_reading():
    assert rows("value_portrait", reading="published") == rows("value_portrait", reading="careful")


BASELINES = ["Random", "Global (majority vote)"]
CORRECTED = "Resemble (top 1), corrected: each probe set's hits alone"


@pytest.mark.parametrize(
    ("changed", "left"),
    [
        ({"demonstrations": 50}, BASELINES),
        ({"demonstrations": "Migration"}, BASELINES),
        ({"demonstrations": 0}, [*BASELINES, "GPT-4o (no demo.)"]),
        ({"demographics": "alone"}, [*BASELINES, "GPT-4o (only demographics)"]),
        ({"demographics": "with"}, BASELINES),
        ({"demonstrations": 0, "demographics": "with"}, [*BASELINES, "GPT-4o (only demographics)"]),
        ({"demonstration_form": "refined"}, BASELINES),
        ({"probe_form": "refined"}, BASELINES),
    ],
)
def test_under_other_conditions_only_what_they_do_not_touch_is_left(changed, left):
    assert list(rows("indie_value", **changed)) == left


def test_the_people_drawn_are_never_the_papers_whatever_the_seed():
    assert rows("indie_value", seed=7) == rows("indie_value", seed=0)


def test_a_table_whose_settings_are_not_known_has_no_figures():
    assert published_rows("value_portrait", "value_portrait", ["Power"], {}) == []


def test_only_scores_of_the_table_are_taken_each_with_its_source():
    settings = defaults("value_portrait")
    (power, *_) = published_rows("value_portrait", "value_portrait", ["Power"], settings)
    assert power == {
        "rater": "chatgpt-4o-latest",
        "sources": ["Han et al. (2025), Table 5"],
        "values": {"Power": -0.09},
        "source_of": {"Power": "Han et al. (2025), Table 5"},
    }
    (both, *_) = published_rows("value_portrait", "value_portrait", SCHWARTZ + BIG_FIVE, settings)
    assert both["sources"] == ["Han et al. (2025), Table 5", "Han et al. (2025), Table 6"]


def test_a_sample_and_a_benchmark_without_a_file_have_no_figures():
    settings = defaults("value_portrait")
    assert published_rows("value_portrait", "value_portrait_sample", ["Power"], settings) == []
    assert published_rows("prism", "prism", ["Power"], settings) == []


def test_accuracy_is_the_mean_of_the_probe_sets():
    """To rounding: three figures and their mean, each within half of a hundredth."""
    found = rows("indie_value")
    assert len(found) == 15
    for row in found.values():
        assert row["accuracy"] == pytest.approx(np.mean([row[p] for p in PROBE_SETS]), abs=0.0101)


def test_the_inequity_of_every_model_and_of_no_baseline_is_printed():
    found = rows("indie_value")
    without = [rater for rater, row in found.items() if "sigma_inequity" not in row]
    assert without == [*BASELINES, "Resemble (top 1)", CORRECTED, "Resemble (top cluster)"]
    assert all(tuple(sorted(row)[:4]) == ACCURACIES for row in found.values())


# Overall accuracies that Figure 2 prints to one decimal.
FIGURE_2 = {
    "Random": 45.4,
    "GPT-4o (0806)": 63.5,
    "GPT-4o (0513)": 63.7,
    "GPT-4o-mini (0718)": 60.8,
    "GPT-4-turbo (0409)": 63.7,
    "LLama-3.1-8B": 58.2,
    "LLama-3.1-70B": 63.7,
    "Mixtral-8x7B": 55.9,
    "Mixtral-8x22B": 61.2,
    "Qwen2-72B": 63.6,
    "Claude-3.5 (Sonnet)": 64.7,
}


def test_accuracies_are_those_of_figure_2_but_for_one():
    """Table 12 gives Mixtral-8x7B 56.26, the mean of its three probe sets; Figure 2 says 55.9."""
    found = rows("indie_value")
    apart = {m for m, v in FIGURE_2.items() if abs(found[m]["accuracy"] - v) > 0.0501}
    assert apart == {"Mixtral-8x7B"}


# Figures of the tables that the papers' running text says again.
IN_THE_TEXT = {
    "value_portrait": [
        ("claude-3.7-sonnet-thinking", {"Universalism": 0.47, "Benevolence": 0.95}),
        ("claude-3.7-sonnet", {"Universalism": 0.32, "Benevolence": 0.65}),
        ("gemini-2.0-flash-thinking-exp-01-21", {"Benevolence": 0.81}),
        ("gemini-2.0-flash-001", {"Benevolence": 0.65}),
        (
            "mistral-small-v24.09",
            {"Universalism": 0.08, "Benevolence": -0.22, "Self-Direction": -0.38},
        ),
        (
            "mistral-small-v25.01",
            {"Universalism": 0.40, "Benevolence": 0.92, "Self-Direction": 0.60},
        ),
        ("mistral-small-v25.01", {"Power": -0.20, "Achievement": -0.52}),
        ("chatgpt-4o-latest", {"Universalism": 0.06, "Benevolence": 0.40}),
        ("gpt-4o-2024-05-13", {"Universalism": 0.47, "Benevolence": 0.79}),
        ("gpt-4o-2024-11-20", {"Universalism": 0.26, "Benevolence": 0.53}),
    ],
    "indie_value": [
        ("GPT-4o (0513)", {"sigma_inequity": 2.87}),
        ("LLama-3.1-70B", {"sigma_inequity": 1.94}),
        ("LLama-3.1-8B", {"sigma_inequity": 2.97}),
    ],
}


@pytest.mark.parametrize("benchmark", IN_THE_TEXT)
def test_the_text_says_the_same(benchmark: str):
    found = rows(benchmark)
    for rater, said in IN_THE_TEXT[benchmark]:
        assert {name: found[rater][name] for name in said} == said


@pytest.mark.usefixtures("mirror")
def test_the_careful_reading_moves_no_figure_far():
    """Why the figures may be shown next to it: they move by less than a margin."""
    gaps = [abs(cell.values["careful"] - cell.printed) for cell in cells()]
    margins = {f.margin for f in manifest_of("value_portrait").scores.values()}
    assert 0 < max(gaps) < 0.05 < min(margins)


@pytest.mark.usefixtures("mirror")
def test_the_random_row_is_what_the_catalog_gives():
    catalog = load_catalog("official")
    found = [100 * catalog.random_accuracy("polar", probe) for probe in PROBES]
    row = rows("indie_value")["Random"]
    assert [row[name] for name in PROBE_SETS] == [round(value, 2) for value in found]
    assert row["accuracy"] == round(sum(found) / len(found), 2)
