"""`inspect score` as the manual writes it: whoever answered, wherever the log was made."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from inspect_ai._util.registry import registry_lookup
from inspect_ai.log import read_eval_log

import benchmarks._registry  # noqa: F401 - registers what is looked up
from benchmarks.value_portrait.task import value_portrait
from scorers.scores.manifests import manifests
from tests.evaluate import evaluate

METRICS = (
    "dimension_scores", "expected_scores", "answer_shares", "variant_consistency",
    "choice_accuracy", "choice_inequity", "choice_statuses", "manifest_scores",
    "decoder_calibration", "against_chance",
)  # fmt: skip
SCORERS = [name for manifest in manifests().values() for name in manifest.answers.scorers]
KEYS = re.compile("OPENAI|AZURE|INSPECT")


@pytest.mark.parametrize(
    ("kind", "name"),
    [*(("scorer", name) for name in SCORERS), *(("metric", name) for name in METRICS)],
)
def test_a_scorer_or_metric_is_found_under_both_names(kind: str, name: str):
    """Its own, and with the package that it is defined in before it."""
    package = "benchmarks" if name == "preferred_replies" else "scorers"
    for full in (name, f"{package}/{name}"):
        assert registry_lookup(kind, full) is not None


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A log as if a provider with a key had answered, as text."""
    (done,) = evaluate(
        value_portrait(data="sample"),
        model="respondent/power",
        limit=2,
        log_dir=str(tmp_path_factory.mktemp("logs")),
        log_format="json",
    )
    return Path(done.location).read_text().replace("respondent/power", "openai/gpt-4o")


def score(path: Path, *options: str) -> subprocess.CompletedProcess[str]:
    without = {name: value for name, value in os.environ.items() if not KEYS.match(name)}
    command = [sys.executable, "-m", "inspect_ai", "score", str(path), *options]
    return subprocess.run(command, cwd=path.parent, env=without, capture_output=True, text=True)


@pytest.mark.processes
@pytest.mark.parametrize(
    ("package", "options"),
    [
        ("", ()),
        ("scorers/", ("--scorer", "scorers/portrait", "-S", "reading=published")),
    ],
)
def test_a_log_is_scored_without_the_key_of_its_model(log: str, package, options, tmp_path: Path):
    path, out = tmp_path / "run.json", tmp_path / "rescored.json"
    names = "|".join(("portrait", *METRICS))
    path.write_text(re.sub(rf'("name": ")({names})"', rf"\1{package}\2" + '"', log))
    again = ("--action", "overwrite", "--output-file", str(out))
    done = score(path, "--model", "none/none", *options, *again)
    assert done.returncode == 0, done.stdout + done.stderr
    before, after = read_eval_log(str(path)), read_eval_log(str(out))
    assert after.eval.model == "openai/gpt-4o"
    one, other = (found.results.scores[0].metrics for found in (before, after))
    assert list(one) == list(other)
    assert one["Power"].value == other["Power"].value
