"""The workflows that ship parse, and every command in them and in the manual exists."""

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import yaml

from evals.cli.main import valuegauge
from evals.suites.suite import ready_suites

ROOT = Path(__file__).parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.y*ml"))
PAGE = (ROOT / "docs" / "regression.md").read_text(encoding="utf-8")


def read(path: Path) -> dict:
    """A workflow; YAML takes its key `on` for true."""
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {("on" if key is True else key): value for key, value in found.items()}


def steps(path: Path) -> Iterator[dict]:
    for job in read(path)["jobs"].values():
        yield from job["steps"]


def scripts() -> Iterator[tuple[str, str]]:
    """Every script of a workflow, and every block of commands on the page."""
    for path in WORKFLOWS:
        for step in steps(path):
            if "run" in step:
                yield f"{path.name}: {step.get('name')}", step["run"]
    for number, (kind, block) in enumerate(re.findall(r"```(\w+)\n(.*?)```", PAGE, re.DOTALL)):
        if kind in ("sh", "console"):
            yield f"block {number}", re.sub(r"^\$ ", "", block, flags=re.MULTILINE)
        if kind == "yaml" and "script:" in block:
            for job in yaml.safe_load(block).values():
                if isinstance(job, dict) and "script" in job:
                    yield f"block {number}", "\n".join(job["script"])


def commands(script: str) -> Iterator[list[str]]:
    """The words of each call of `valuegauge`, up to where the shell takes over."""
    joined = re.sub(r"\\\n\s*", " ", script)
    for line in joined.splitlines():
        for call in re.findall(r"(?:^|[;&|(] *|if )(valuegauge [^;&|>#]*)", line):
            yield shlex.split(call)


def test_there_are_workflows_and_commands_to_look_at():
    assert [path.name for path in WORKFLOWS] == ["regression.yml"]
    found = [words[1] for _, script in scripts() for words in commands(script)]
    assert found.count("check") >= 5
    assert found.count("run") >= 3


@pytest.mark.parametrize(("block", "script"), list(scripts()))
def test_every_command_and_option_exists(block: str, script: str):
    for words in commands(script):
        command: click.Command = valuegauge
        rest = words[1:]
        while isinstance(command, click.Group):
            assert rest[0] in command.commands, f"{block}: {rest[0]}"
            command = command.commands[rest.pop(0)]
        options = {name: o for o in command.params for name in o.opts if name.startswith("-")}
        positional = []
        while rest:
            word = rest.pop(0)
            if not word.startswith("-"):
                positional.append(word)
                continue
            assert word in options, f"{block}: {words[1]} has no option {word}"
            if not options[word].is_flag:
                rest.pop(0)
        assert positional, block
        if words[1] in ("run", "plan"):
            assert positional[0] in ready_suites(), block


@pytest.mark.parametrize(("block", "script"), list(scripts()))
def test_every_script_is_one_for_a_shell(block: str, script: str):
    done = subprocess.run(["bash", "-n"], input=script, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{block}: {done.stderr}"


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_does_little_more_than_it_must(path: Path):
    workflow = read(path)
    assert set(workflow["on"]) <= {"workflow_dispatch", "schedule", "push", "pull_request"}
    assert workflow["permissions"] == {"contents": "read"}
    for step in steps(path):
        # what a person types in reaches a shell by the environment only
        assert "${{" not in step.get("run", ""), step.get("name")
        if "uses" in step:
            assert re.fullmatch(r"actions/[\w-]+@v\d+", step["uses"])


def test_the_check_fails_with_the_code_that_the_command_had(tmp_path: Path):
    """The step unchanged, with a command of our own instead of `valuegauge`."""
    (script,) = (s["run"] for s in steps(WORKFLOWS[0]) if s.get("name") == "Check")
    for code in (0, 1, 3, 4):
        stand_in = tmp_path / "valuegauge"
        stand_in.write_text(f"#!/bin/sh\necho '### told'\nexit {code}\n")
        stand_in.chmod(0o755)
        summary = tmp_path / f"summary{code}"
        surroundings = {
            "PATH": f"{tmp_path}:/usr/bin:/bin",
            "BASELINE": "b.json",
            "GITHUB_STEP_SUMMARY": str(summary),
        }
        shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
        done = subprocess.run(shell, env=surroundings, cwd=tmp_path, check=False)
        assert done.returncode == code
        assert summary.read_text() == "### told\n"
