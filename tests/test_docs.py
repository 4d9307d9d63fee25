"""The manual names every command, option, argument and metric, and what stores are made of."""

import csv
import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from types import ModuleType

import click
import pytest
import yaml
from inspect_ai.scorer import SampleScore, Score

from benchmarks._arguments import argument_names
from benchmarks._ask_distribution import ELICITATIONS
from benchmarks.indie_value import task as indie_value
from benchmarks.instrument_texts import _queries, filter_queries, write_responses
from benchmarks.prism import _known, _material, _score
from benchmarks.prism import task as prism
from benchmarks.value_portrait import task as value_portrait
from benchmarks.value_profiles import decode_ratings, encode_profiles, tell_profiles_apart
from decoders.families import FAMILIES as PREDICTIVE
from decoders.family import Cost, Decoder, Family
from evals.cli.main import valuegauge
from evals.cli.studies.vinfo import _HEADS
from evals.studies.indie_value import STUDIES
from evals.vinfo.study import plan_study, run_vinfo, write_findings
from leaderboard.exports.formats import FORMATS
from leaderboard.site.pages import KINDS
from leaderboard.store.store import _STATUS_ORDER, open_store
from providers.respondents.oracle_respondent import ORACLES
from ratings.data_sets.own.hub_ratings import FORM
from ratings.data_sets.published.planted import plant
from ratings.data_sets.registry import data_set_names
from ratings.instruments import indie_value as catalog
from ratings.instruments import value_portrait as portrait
from ratings.instruments.dimensions import ALL_DIMENSIONS
from ratings.representations.names import KINDS as TOLD
from ratings.representations.names import parse_representations
from ratings.sources.cards import card_ids, load_card
from scorers.answers import choice_distribution, query_judgement, written_responses
from scorers.answers.missing_answers import MISSING, missing_advice
from scorers.answers.phrases import likert
from scorers.answers.statement_choice import STATUSES
from scorers.inspect_adapter import profile_answers
from scorers.inspect_adapter.choices import choice_accuracy, choice_inequity, choice_statuses
from scorers.preferences.preferred_choice import PAIRS, POSITIONS
from scorers.scores.manifests import (
    DIRECTIONS,
    ESTIMATORS,
    LAYOUTS,
    ROLES,
    AnswerLayout,
    Argument,
    HumanRatings,
    Manifest,
    Plan,
    ScoreFamily,
    manifest_of,
    manifest_paths,
    manifests,
    read_manifest,
)
from scorers.scores.response_checks import MEASURED
from tests.evaluate import evaluate

ROOT = Path(__file__).parents[1]
WRITTEN = [
    *(ROOT / "docs").glob("*.md"),
    *(ROOT / "benchmarks").glob("*/README.md"),
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
]
PAGES = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md")}
MANUAL = "\n".join(PAGES[name] for name in sorted(PAGES))
PROFILES = {
    "decode_ratings": decode_ratings,
    "encode_profiles": encode_profiles,
    "tell_profiles_apart": tell_profiles_apart,
}
TEXTS = {"filter_queries": filter_queries, "write_responses": write_responses}
SHARED = {**PROFILES, **TEXTS}
TASKS = {
    "indie_value": indie_value, "value_portrait": value_portrait, "prism": prism, **SHARED
}  # fmt: skip
CARDS = {
    "indie_value": catalog.CARDS, "value_portrait": portrait.CARDS, "prism": _material.CARDS,
    **dict.fromkeys(TEXTS, _queries.CARDS),
}  # fmt: skip
MANIFESTS = manifest_paths()
# Tasks that share a folder share a page.
PAGE_OF = {
    **{name: name for name in TASKS},
    **dict.fromkeys(PROFILES, "value_profiles"),
    **dict.fromkeys(TEXTS, "instrument_texts"),
}
SUITES = sorted(path.stem for path in (ROOT / "evals" / "suites" / "shipped").glob("*.yaml"))
FAMILIES = [(name, family) for name, found in manifests().items() for family in found.scores]
CONSISTENCY = ("alpha", "omega", "icc", "g_coefficient", "order_effect")
VARIANCES = ("profile_variance", "profile_variance_corrected")
ENDS = ("_low", "_high", "_lowest", "_highest", "_expected")
SHARES = (
    "item",
    "wording",
    "order",
    "item x wording",
    "item x order",
    "wording x order",
    "residual",
)


def commands(group: click.Group, prefix: str) -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        full = f"{prefix} {name}"
        if isinstance(command, click.Group):
            yield from commands(command, full)
        else:
            yield full, command


def quoted(word: str, page: str = MANUAL) -> bool:
    """Whether a page has a word between backquotes, alone or within something longer."""
    return re.search(rf"`[^`\n]*{re.escape(word)}[^`\n]*`", page) is not None


def names(word: str, page: str) -> bool:
    """Whether a page has exactly this between backquotes."""
    return f"`{word}`" in page


def choice_metrics() -> list[str]:
    """Every metric of `indie_value`, as it names them for three people, and without ends."""
    scores = [
        SampleScore(
            score=Score(value=1.0, metadata={"right": [1, 0], "statuses": ["valid", "absent"]}),
            sample_id=f"{person}-{probe}",
            sample_metadata={"person": person, "probe": probe, "Sex": "male" if person else None},
        )
        for person in range(3)
        for probe in catalog.PROBES
    ]
    metrics = (choice_accuracy(["Security", "Migration"]), choice_inequity(), choice_statuses())
    found = {name for compute in metrics for name in compute(scores)}
    categories = catalog.load_catalog("sample").categories
    return sorted({re.sub("_(low|high)$", "", name) for name in found} | set(categories))


def in_general(metric: str) -> str:
    """A metric of one dimension as the manual names it for all of them."""
    match = re.fullmatch(r"sigma (.+?)(_corrected)?", metric)
    return f"sigma <dimension>{match.group(2) or ''}" if match else metric


@pytest.mark.parametrize(("name", "command"), list(commands(valuegauge, "valuegauge")))
def test_a_command_and_its_options_are_in_the_manual(name: str, command: click.Command):
    assert name in MANUAL
    _, _, section = PAGES["cli"].partition(f"# `{name}")
    section = re.split(r"^## ", section, maxsplit=1, flags=re.MULTILINE)[0]
    assert section, f"docs/cli.md has no section on {name}"
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert quoted(parameter.opts[0], section), f"{name} {parameter.opts[0]}"


@pytest.mark.parametrize(
    "metric",
    [
        *ALL_DIMENSIONS,
        *likert.STATUSES,
        *VARIANCES,
        *CONSISTENCY,
        *ENDS,
        *(f"share {name}" for name in SHARES),
    ],
)
def test_a_metric_of_value_portrait_is_in_the_manual(metric: str):
    assert quoted(metric, PAGES["value_portrait"])


@pytest.mark.parametrize("metric", choice_metrics())
def test_a_metric_of_indie_value_is_in_the_manual(metric: str):
    page = PAGES["indie_value"]
    assert names(in_general(metric), page)
    for end in ("_low", "_high"):
        assert names(end, page)


def test_statuses_and_dimensions_of_indie_value_are_in_the_manual():
    for name in (*STATUSES, *catalog.DIMENSIONS, *catalog.FORMS, *STUDIES):
        assert names(name, PAGES["indie_value"]), name


@pytest.mark.parametrize("benchmark", TASKS)
def test_every_benchmark_has_a_manifest_a_page_and_a_line_in_the_start(benchmark: str):
    page = PAGE_OF[benchmark]
    name = f"{benchmark}.manifest.yaml" if benchmark in SHARED else "manifest.yaml"
    assert ROOT / "benchmarks" / page / name in MANIFESTS
    assert f"\n{page}\n" in PAGES["index"]
    assert f"eval benchmarks/{benchmark} " in PAGES[page if benchmark in SHARED else "start"]
    assert len(MANIFESTS) == len(TASKS)


@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_a_manifest_fits_its_task_and_the_manual(manifest: Path):
    found = yaml.safe_load(manifest.read_text(encoding="utf-8"))
    folder = manifest.parent.name
    name = found["name"]
    assert manifest.name in ("manifest.yaml", f"{name}.manifest.yaml")
    task: ModuleType = TASKS[name]
    assert PAGE_OF[name] == folder
    assert found["comparability"] == task.COMPARABILITY
    assert f"`{task.COMPARABILITY}`" in PAGES[folder]
    assert list(found["arguments"]) == argument_names(getattr(task, name))
    if name in PROFILES:
        assert list(found["cards"]) == data_set_names()
    else:
        assert found["cards"] == CARDS[name]
    for card in found["cards"].values():
        assert load_card(card)


@pytest.mark.parametrize(
    "kind",
    [Manifest, AnswerLayout, Argument, ScoreFamily, HumanRatings, Plan],
    ids=lambda k: k.__name__,
)
def test_every_field_of_a_manifest_is_in_the_manual(kind: type):
    _, _, section = PAGES["adding_a_benchmark"].partition("\n## `manifest.yaml`")
    for field in fields(kind):
        assert names(field.name, section), field.name


def test_every_word_that_a_manifest_may_use_is_in_the_manual():
    for word in (*ROLES, *LAYOUTS, *ESTIMATORS, *DIRECTIONS):
        assert names(word, PAGES["adding_a_benchmark"]), word


def test_the_manifest_in_the_manual_can_be_read(tmp_path: Path):
    (written,) = re.findall(r"```yaml\n(name: .*?)```", PAGES["adding_a_benchmark"], re.DOTALL)
    path = tmp_path / "manifest.yaml"
    path.write_text(written, encoding="utf-8")
    assert read_manifest(path).scores


@pytest.mark.parametrize(("benchmark", "family"), FAMILIES)
def test_a_family_of_scores_is_in_the_manual_with_its_unit(benchmark: str, family: str):
    rows = PAGES["leaderboard"].split("| benchmark | family |")[1].split("\n\n")[0].splitlines()
    first = next(at for at, row in enumerate(rows) if f"| {manifest_of(benchmark).title} |" in row)
    row = next(row for row in rows[first:] if f"| `{family}` |" in row)
    found = manifest_of(benchmark).scores[family]
    better = {"none": "neither end"}.get(found.direction, found.direction)
    assert row.endswith(f"| {better} |")
    mine = rows[first : rows.index(row, first) + 1]
    assert found.unit in "\n".join(mine)
    assert not any(other.startswith("| ") and other[2] != "|" for other in mine[1:])


@pytest.mark.parametrize(
    "name",
    [*choice_distribution.STATUSES, *profile_answers.WRITTEN_STATUSES,
     *profile_answers.APART_STATUSES,
     *(family for name in PROFILES for family in manifest_of(name).scores), "_low", "_high", "ece",
     "ece_corrected", "ece_if_calibrated", "stated_share", "above_chance", "above_chance_p",
     *ELICITATIONS],
)  # fmt: skip
def test_a_metric_or_word_of_value_profiles_is_in_the_manual(name: str):
    assert quoted(name, PAGES["value_profiles"]), name


@pytest.mark.parametrize(
    "name",
    [*_score.STATUSES, *_known.KINDS, *manifest_of("prism").solvers, *PAIRS, *POSITIONS, "accuracy",
     "loss", "sigma_inequity", "sigma_inequity_corrected", "_low", "_high", *ELICITATIONS],
)  # fmt: skip
def test_a_metric_or_word_of_prism_is_in_the_manual(name: str):
    assert quoted(name, PAGES["prism"]), name


@pytest.mark.parametrize(
    "name",
    [*query_judgement.STATUSES, *written_responses.STATUSES, "_low", "_high",
     *(family for name in TEXTS for family in manifest_of(name).scores)],
)  # fmt: skip
def test_a_metric_or_word_of_instrument_texts_is_in_the_manual(name: str):
    assert quoted(name, PAGES["instrument_texts"]), name


@pytest.mark.parametrize("kind", TOLD)
def test_a_kind_of_representation_is_in_the_manual(kind: str):
    _, _, section = PAGES["v_information"].partition("\n## Representations\n")
    rows = section.partition("\n## ")[0]
    assert re.search(rf"^\| .*`{kind}[`:(]", rows, re.MULTILINE), kind


def test_a_family_and_what_it_must_have_are_in_the_manual():
    for name in PREDICTIVE:
        assert names(name, PAGES["v_information"]), name
    page = PAGES["adding_a_family"]
    for word in (*Family.__annotations__, *Decoder.__dict__, "fit", *Cost.__annotations__):
        assert word.startswith("_") or quoted(word, page), word


def test_a_column_of_the_table_of_vinfo_is_in_the_manual():
    _, _, section = PAGES["v_information"].partition("\n## The table\n")
    for head in _HEADS:
        name = re.split(r"\n|%", head)[0].strip()
        assert f"\n| `{name}` |" in section.partition("\n## ")[0], name


def fields_of(found: object) -> Iterator[str]:
    """Every name in a JSON file, but those that data or representations give."""
    if isinstance(found, list):
        for one in found:
            yield from fields_of(one)
    if isinstance(found, dict):
        for name, one in found.items():
            if ":" not in name and name != "region":
                yield name
            yield from fields_of(one)


def test_all_that_vinfo_writes_is_in_the_manual(tmp_path: Path):
    page = PAGES["v_information"]
    representations = parse_representations(
        "examples:max,groundtruth,demographics:region,cluster:2"
    )
    study = plan_study(plant(raters=16, ratings=8).data, representations, "default", 1)
    write_findings(run_vinfo(study, tmp_path, 1, lambda key: None), tmp_path)
    written = {path.name for path in tmp_path.rglob("*") if path.is_file()}
    assert "distributions.json" in written
    for name in written:
        assert names(name, page) or name.endswith(".npz"), name
    for path in tmp_path.rglob("*.csv"):
        with path.open(encoding="utf-8") as file:
            for column in next(csv.reader(file)):
                name = re.sub(r"^(total|value_epistemic|aleatoric)(_low|_high)$", r"\2", column)
                assert names(name, page), f"{path.name}: {column}"
    about = json.loads((tmp_path / "vinfo.json").read_text(encoding="utf-8"))
    for entry in about["clusters"].values():  # a row of a table of shares
        for cluster in entry.values():
            for makeup in cluster["makeup"].values():
                makeup.pop("shares")
    for name in fields_of(about):
        assert names(name, page), name


@pytest.mark.parametrize("name", ORACLES)
def test_an_oracle_respondent_is_in_the_manual(name: str):
    assert quoted(f"respondent/{name}", PAGES["providers"])


@pytest.mark.parametrize("name", FORMATS)
def test_an_export_format_is_in_the_manual(name: str):
    assert f"\n| `{name}` |" in PAGES["exports"]
    assert f"\n## `{name}`\n" in PAGES["exports"]
    assert names(name, PAGES["cli"])


def test_the_address_of_ratings_on_the_hub_is_in_the_manual():
    assert names(FORM, PAGES["data"])


def test_no_page_says_to_install_the_package_from_where_it_is_not():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for page in (readme, *PAGES.values()):
        assert not re.search(r"pip install [^`\n]*valuegauge(\[|\s|\"|$)", page)


@pytest.mark.parametrize("name", SUITES)
def test_a_suite_is_in_the_manual(name: str):
    assert f"\n| `{name}` |" in PAGES["suites"]
    assert names(name, PAGES["cli"])


def test_what_the_leaderboard_does_is_on_its_page():
    group = valuegauge.commands["leaderboard"]
    assert isinstance(group, click.Group)
    for name in group.commands:
        assert f"valuegauge leaderboard {name}" in PAGES["leaderboard"], name


def test_every_table_of_a_store_is_in_the_manual(tmp_path: Path):
    page = PAGES["leaderboard"]
    with open_store(tmp_path / "board.duckdb", write=True) as store:
        tables = [row[0] for row in store.execute("SHOW TABLES").fetchall()]
        columns = [row[0] for row in store.execute("DESCRIBE ratings").fetchall()]
    assert {"runs", "ratings"} <= set(tables)
    for name in tables:
        assert f"\n| `{name}` |" in page or f"view `{name}`" in page, name
    for name in (*columns, *MEASURED):
        assert names(name, page), name


def test_every_kind_and_status_of_a_run_is_in_the_manual():
    for name in (*KINDS, *_STATUS_ORDER, "replaced"):
        assert names(name, PAGES["leaderboard"]), name


@pytest.mark.parametrize("card", card_ids())
def test_a_card_and_its_groups_are_in_the_manual(card: str):
    assert f"| `{card}` |" in PAGES["data"]
    for group in load_card(card).groups:
        assert quoted(re.sub("/.*", "/<model>", group), PAGES["data"]), group


def test_the_readme_names_only_files_that_exist():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:]+)\)", readme):
        assert (ROOT / target).exists(), target


def blocks(path: Path) -> list[tuple[str, str]]:
    """The fenced blocks of a page: their language and what is in them."""
    return re.findall(r"^```(\w*)\n(.*?)^```", path.read_text("utf-8"), re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_what_is_to_be_typed_can_be_pasted_unchanged(path: Path):
    """Without prompts, and a shell can parse it."""
    found = blocks(path)
    assert not {language for language, _ in found} & {"console", "bash", "shell"}, "write sh"
    for language, text in found:
        assert not re.search(r"^\s*[$%] ", text, re.MULTILINE), text
        if language == "sh":
            parsed = subprocess.run(["bash", "-n"], input=text, text=True, capture_output=True)
            assert parsed.returncode == 0, f"{text}{parsed.stderr}"


def test_no_command_names_two_models_of_which_inspect_runs_one():
    for path in WRITTEN:
        for _, text in blocks(path):
            for line in text.replace("\\\n", " ").splitlines():
                assert not (line.startswith("inspect ") and line.count("--model ") > 1), line


def test_the_page_on_reasoning_models_is_in_the_manual_and_the_readme():
    page = PAGES["reasoning_models"]
    assert "\nreasoning_models\n" in PAGES["index"]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "](docs/reasoning_models.md)" in readme
    for option in ("--max-tokens", "--reasoning-effort", "--temperature"):
        assert quoted(option, page), option
    for option in ("--max-tokens", "--reasoning-effort"):
        assert quoted(option, readme), option
    for status in MISSING:
        assert names(status, page)
    advice = missing_advice({"truncated": 1})
    assert advice is not None
    assert advice in " ".join(page.split())


@pytest.mark.parametrize("benchmark", TASKS)
def test_why_an_answer_is_missing_is_on_the_page_of_each_benchmark(benchmark: str):
    assert names("empty", PAGES[PAGE_OF[benchmark]])
    assert names("truncated", PAGES[PAGE_OF[benchmark]])


def examples_of_readers() -> set[tuple[float, int]]:
    """Chance and people of each example with a reader of known accuracy."""
    pattern = r"indie_value --model respondent/([01]\.\d+) -T data=sample -T people=(\d+)"
    texts = [path.read_text(encoding="utf-8") for path in WRITTEN]
    return {(float(c), int(n)) for text in texts for c, n in re.findall(pattern, text)}


@pytest.mark.slow
@pytest.mark.parametrize(("chance", "people"), sorted(examples_of_readers()))
def test_an_example_with_a_known_accuracy_finds_it(
    chance: float, people: int, tmp_path: Path, in_full: bool
):
    if people > 50 and not in_full:
        pytest.skip("is the example of 50 people with more of them; `pytest -m slow` runs it")
    (log,) = evaluate(
        indie_value.indie_value(data="sample", people=people),
        model=f"respondent/{chance}",
        log_dir=str(tmp_path),
    )
    found = {name: metric.value for name, metric in log.results.scores[0].metrics.items()}
    for name in ("accuracy", "probe 1", "probe 2", "probe 3"):
        assert found[f"{name}_low"] < chance < found[f"{name}_high"], name
    # the manual prints the numbers of its first example
    if people == 50:
        ends = [f"{found[f'accuracy{end}']:.3f}" for end in ("", "_low", "_high")]
        assert all(end in PAGES["start"] for end in ends), ends
