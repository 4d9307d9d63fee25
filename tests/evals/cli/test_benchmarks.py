import inspect
import json
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.shell_completion import BashComplete
from inspect_ai._cli.util import parse_cli_config
from inspect_ai._util.registry import registry_params

import valuegauge as package
from benchmarks._registry import TASKS
from decoders.language_model.training.recipes import RECIPES
from evals.cli.main import main, valuegauge
from evals.cli.shared_options.fits import KINDS, SETS
from evals.suites.suite import ready_suites
from leaderboard.exports.formats import FORMATS
from ratings.data_sets.registry import data_set_names
from ratings.representations.names import KINDS as TOLD
from ratings.sources.cards import card_ids
from scorers.scores.manifests import manifests


def typed(capsys, *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as caught:
        main(list(arguments))
    printed = capsys.readouterr()
    return int(caught.value.code or 0), printed.out, printed.err


def test_every_benchmark_is_listed_with_the_arguments_of_its_task(capsys):
    code, out, _ = typed(capsys, "benchmarks", "--json")
    assert code == 0
    found = {one["name"]: one for one in json.loads(out)}
    assert set(found) == set(manifests())
    for name, one in found.items():
        parameters = inspect.signature(TASKS[name]).parameters
        defaults = {p.name: p.default for p in parameters.values() if p.name != "unknown"}
        assert {a["name"]: a["default"] for a in one["arguments"]} == defaults
        assert all(argument["what"] for argument in one["arguments"])
        assert one["command"] == f"inspect eval benchmarks/{name} --model MODEL"
    code, out, _ = typed(capsys, "benchmarks")
    assert code == 0
    for name, one in found.items():
        assert f"inspect eval benchmarks/{name} --model MODEL" in out
        assert all(f" {argument['name']}= " in out for argument in one["arguments"])


def test_a_file_is_named_as_the_command_line_of_inspect_takes_it(capsys, tmp_path: Path):
    file = tmp_path / "ann.txt"
    file.write_text("You are Ann, 61. # a nurse")
    _, out, _ = typed(capsys, "benchmarks", "--json")
    shown = {
        (one["name"], argument["name"]): re.findall(r"\S*FILE\S*", argument["what"])
        for one in json.loads(out)
        for argument in one["arguments"]
    }
    texts = {
        (name, argument)
        for name, manifest in manifests().items()
        for argument, about in manifest.arguments.items()
        if about.text
    }
    assert {key for key, found in shown.items() if found} == texts
    assert ("value_portrait", "persona") in texts
    for benchmark, argument in texts:
        (written,) = shown[benchmark, argument]
        given = parse_cli_config((f"{argument}={written.replace('FILE', str(file))}",), None)
        task = TASKS[benchmark](data="sample", **given)
        assert registry_params(task)[argument] == file.read_text()


def test_some_benchmarks_are_listed_by_name(capsys):
    code, out, _ = typed(capsys, "benchmarks", "value_portrait", "--json")
    assert code == 0
    assert [one["name"] for one in json.loads(out)] == ["value_portrait"]
    code, out, err = typed(capsys, "benchmarks", "value_portrat")
    assert (code, out) == (2, "")
    assert "unknown benchmark 'value_portrat'; allowed (nearest first): value_portrait" in err


@pytest.mark.parametrize("arguments", [(), ("--help",)])
def test_the_help_names_every_benchmark_and_how_it_is_run(capsys, arguments):
    _, out, err = typed(capsys, *arguments)
    printed = out + err
    assert "inspect eval benchmarks/NAME --model MODEL" in printed
    for name in manifests():
        assert name in printed
    for name in valuegauge.commands:
        assert f"\n  {name} " in printed


@pytest.mark.processes
def test_the_module_runs_the_command_line():
    done = subprocess.run(
        [sys.executable, "-m", "valuegauge", "--version"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert package.__version__ in done.stdout


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("run", ready_suites()),
        ("plan", ready_suites()),
        ("export --format", list(FORMATS)),
        ("benchmarks", sorted(manifests())),
        ("data fetch", card_ids()),
        ("data check", data_set_names()),
        ("vinfo --data", data_set_names()),
        ("decoders train --data", data_set_names()),
        ("decoders train --recipe", list(RECIPES)),
        ("decoders init --recipe", list(RECIPES)),
        ("vinfo --family", ["default", *RECIPES]),
        ("show --family", ["default", *RECIPES]),
    ],
)
def test_a_shell_completes_names(words: str, names: list[str]):
    assert completed(words, "") == sorted(names)
    first = names[0]
    assert first in completed(words, first[:2])
    assert completed(words, "no such") == []


@pytest.mark.parametrize("words", ["vinfo --representations", "decoders train --representation"])
def test_a_shell_completes_representations(words: str):
    kinds = {name.removesuffix(":") for name in completed(words, "")}
    assert kinds == set(TOLD)
    assert completed(words, "none,meas") == ["none,measured"]


def completed(words: str, incomplete: str) -> list[str]:
    """The values that click offers behind some words, without its hint that files fit too."""
    shell = BashComplete(valuegauge, {}, "valuegauge", "_VALUEGAUGE_COMPLETE")
    found = shell.get_completions(words.split(), incomplete)
    return sorted(item.value for item in found if item.type == "plain")


def options(group: click.Group) -> list[click.Option]:
    out: list[click.Option] = []
    for command in group.commands.values():
        if isinstance(command, click.Group):
            out += options(command)
        else:
            out += [p for p in command.params if isinstance(p, click.Option)]
    return out


def test_the_help_of_recipes_and_representations_lists_their_values():
    found = {name: [o for o in options(valuegauge) if name in o.opts] for name in (
        "--recipe", "--representation", "--representations")}  # fmt: skip
    assert all(found.values())
    for option in found["--recipe"]:
        listed = [name for name in RECIPES if name in (option.help or "")]
        assert {"tiny-llama", "tiny-gemma2"} <= set(listed)
    for option in found["--representation"] + found["--representations"]:
        assert all(kind in (option.help or "") for kind in TOLD), option.opts
    assert all(kind in KINDS for kind in TOLD)


def test_the_help_of_data_lists_the_data_sets():
    assert {name for name in data_set_names() if name not in SETS} == {
        # the small ones, for trying out
        "value_portrait_humans_sample",
        "prism_replies_sample",
    }
