"""A model whose answers scatter, asked in rounds until the check is decided."""

import json
import logging
import re
import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from inspect_ai.model import ModelAPI, ModelOutput, ModelUsage, modelapi

from evals.check.baseline import read_baseline
from evals.check.change_check import check_run
from evals.check.until_decided import SHIFTS, expected_calls
from evals.cli.main import main
from ratings.asked import AskedItem, read_asked
from ratings.instruments.value_portrait import CHOICES, load_instrument
from scorers.scores.manifests import manifest_of

CALLS = 120 * 2
ASKED: list[str] = []
STATE: dict = {"rng": np.random.default_rng(0), "scatter": 0.5, "raised": frozenset()}


@modelapi(name="scatterer")
class Scatterer(ModelAPI):
    """Answers a fixed opinion of each item and wording, with noise of its own at each call."""

    async def generate(self, input, tools, tool_choice, config):
        asked = read_asked(input[-1].metadata)
        assert isinstance(asked, AskedItem)
        ASKED.append(asked.instance)
        opinion = sum(map(ord, asked.instance + asked.variant)) % 4 + 2
        opinion += asked.instance in STATE["raised"]
        found = np.rint(opinion + STATE["scatter"] * STATE["rng"].standard_normal())
        output = ModelOutput.from_content("scatterer", CHOICES[int(np.clip(found, 1, 6)) - 1])
        output.usage = ModelUsage()
        return output


@pytest.fixture(autouse=True)
def _the_process_prints_as_before():
    """Inspect keeps its first display and log level for the whole process: later tests too."""
    from inspect_ai._util import logger
    from inspect_ai.util import _display

    before = _display._display_type
    yield
    _display._display_type = before
    handler = logger._logHandler["handler"]
    if handler is not None:
        handler.display_level = logging.WARNING


@pytest.fixture(scope="module")
def suite(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("accepted") / "small.yaml"
    path.write_text(
        "name: small\ntasks:\n"
        "  - task: value_portrait\n"
        "    arguments: {data: sample, dimensions: schwartz, variants: [v1, v2]}\n"
        "models: [scatterer/model]\n"
    )
    return path


@pytest.fixture(scope="module")
def accepted(suite: Path) -> Path:
    """Three runs of the accepted model."""
    STATE.update(rng=np.random.default_rng(1), scatter=0.25, raised=frozenset())
    path = suite.with_name("accepted.json")
    for number in range(3):
        folder = str(suite.with_name(f"accepted-{number}"))
        how = "--add-baseline" if number else "--write-baseline"
        for typed in (["run", str(suite), "--log-dir", folder],
                      ["check", folder, "--baseline", str(path), how]):  # fmt: skip
            with pytest.raises(SystemExit) as caught:
                main(typed)
            assert not caught.value.code
    return path


@pytest.fixture
def small(suite: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(suite, tmp_path))


@pytest.fixture
def baseline(accepted: Path) -> Path:
    STATE.update(rng=np.random.default_rng(2), scatter=0.25, raised=frozenset())
    ASKED.clear()
    return accepted


def typed(capsys, *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as caught:
        main(list(arguments))
    printed = capsys.readouterr()
    return int(caught.value.code or 0), printed.out, printed.err


def decided(capsys, small: Path, baseline: Path, at_most: int, *more: str):
    folder = str(small.parent / "rounds")
    return typed(
        capsys, "run", str(small), "--against", str(baseline), "--until", "decided", "--at-most",
        str(at_most), "--log-dir", folder, *more,
    )  # fmt: skip


def test_it_stops_when_all_is_decided_and_asks_nothing_again(capsys, small, baseline):
    code, out, _ = decided(capsys, small, baseline, 10 * CALLS)
    first = len(ASKED)
    assert code == 0
    assert "did not move" in out.splitlines()[0]
    assert "11 of 11 scores the same" in out.splitlines()[0]
    assert first < 10 * CALLS
    assert f"{first:,} calls" in out
    again = decided(capsys, small, baseline, 10 * CALLS)
    assert len(ASKED) == first
    assert again[:2] == (code, out)


def test_later_rounds_ask_what_counts_for_undecided_scores(capsys, small, baseline):
    instrument = load_instrument("sample")
    power = instrument.items.index[instrument.tagged()[5]]
    STATE.update(raised=frozenset(power[: len(power) // 5]))  # about as much as the margin
    _, out, err = decided(capsys, small, baseline, 3 * CALLS, "--json")
    (found,) = json.loads(out)
    spent = found["until_decided"]
    assert spent["looks"] == 3
    assert spent["calls"] == len(ASKED) <= spent["most"] == 3 * CALLS
    assert "round 1: undecided: " in err
    assert found["repeats"] == [3, spent["rounds"]]


def test_a_value_that_moved_fails_the_gate(capsys, small, baseline):
    instrument = load_instrument("sample")
    power = instrument.tagged()[5]
    STATE.update(raised=frozenset(instrument.items.index[power]))
    code, out, _ = decided(capsys, small, baseline, 5 * CALLS)
    assert code == 1
    assert re.search(r"moved(:| on) Power", out.splitlines()[0])


def test_a_score_that_was_asked_for_is_decided_whatever_the_others(capsys, small, baseline):
    instrument = load_instrument("sample")
    power = instrument.items.index[instrument.tagged()[5]]
    STATE.update(raised=frozenset(power[: len(power) // 5]))
    _, out, _ = decided(capsys, small, baseline, 3 * CALLS, "--json", "--score", "Tradition")
    (found,) = json.loads(out)
    assert [one["name"] for one in found["scores"]] == ["Tradition"]
    assert found["until_decided"]["rounds"] == 1
    code, _, err = decided(capsys, small, baseline, 3 * CALLS, "--score", "Tradtion")
    assert code == 2
    assert "unknown score 'Tradtion'; allowed (nearest first): Tradition" in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--until", "decided"], "--against, --until and --at-most go together"),
        (["--at-most", "9"], "--against, --until and --at-most go together"),
    ],
)
def test_options_that_go_together(capsys, small, arguments, message):
    code, _, err = typed(capsys, "run", str(small), *arguments)
    assert code == 2
    assert message in err


def test_fewer_calls_than_a_round_takes_is_one_line(capsys, small, baseline):
    code, _, err = decided(capsys, small, baseline, 100)
    assert code == 3
    assert "one round of value_portrait takes 240 calls; --at-most is 100" in err
    assert not ASKED


@pytest.fixture(scope="module")
def of_one_answer(accepted: Path) -> Path:
    """The accepted runs, of which only one answer is left."""
    document = json.loads(accepted.read_text())
    (run,) = document["runs"]
    first = run["samples"][0]
    rows = [r for r, sample in enumerate(run["samples"]) if sample == first]
    for name in ("samples", "clusters", "attributes"):
        run[name] = [run[name][r] for r in rows]
    for name in ("ratings", "statuses", "lengths"):
        run[name] = [run[name][r][:1] for r in rows]
    run["columns"] = run["columns"][:1]
    run["logs"] = [{**log, "rows": 1} for log in run["logs"]]
    path = accepted.with_name("one.json")
    path.write_text(json.dumps(document))
    return path


def test_a_baseline_of_one_answer_does_not_keep_it_asking(capsys, small, baseline, of_one_answer):
    code, out, _ = decided(capsys, small, of_one_answer, 10 * CALLS)
    assert code == 0
    assert "since further rounds do not decide the scores that are undecided" in out
    assert len(ASKED) == CALLS


def test_no_round_takes_more_calls_than_allowed(capsys, small, of_one_answer):
    ASKED.clear()
    code, _, err = decided(capsys, small, of_one_answer, CALLS - 1)
    assert code == 3
    assert "one round of value_portrait takes 240 calls; --at-most is 239" in err
    assert not ASKED


@pytest.mark.parametrize(
    ("part", "value", "message"),
    [
        ("benchmark", "adding", "has no run of value_portrait, which is to be asked until"),
        ("comparability", "0-Z", "comparability is "),
        ("template_sha256", "f" * 64, "template sha256 is "),
    ],
)
def test_what_cannot_be_checked_is_refused_before_it_is_asked(
    part, value, message, capsys, small, baseline, tmp_path: Path
):
    document = json.loads(baseline.read_text())
    document["runs"][0]["key"][part] = value
    document["runs"][0]["labels"] = {"kind": ["share"] * 2}
    other = tmp_path / "other.json"
    other.write_text(json.dumps(document))
    code, out, err = decided(capsys, small, other, 10 * CALLS)
    assert (code, out) == (3, "")
    assert message in err.splitlines()[-1]
    assert not ASKED


def test_a_plan_against_a_baseline_of_another_task_says_so(capsys, small, baseline, tmp_path):
    document = json.loads(baseline.read_text())
    document["runs"][0]["key"]["benchmark"] = "adding"
    document["runs"][0]["labels"] = {"kind": ["share"] * 2}
    other = tmp_path / "other.json"
    other.write_text(json.dumps(document))
    code, _, err = typed(capsys, "plan", str(small), "--against", str(other), "--at-most", "999")
    assert code == 0
    assert f"{other} has no run of value_portrait: calls until decided unknown" in err


def test_a_plan_knows_what_it_is_likely_to_take(baseline):
    (held,) = read_baseline(baseline)
    manifest = manifest_of("value_portrait")
    found = expected_calls(held, manifest, 10 * CALLS)
    assert found is not None
    assert len(found) == len(SHIFTS)
    for mean, most in found.values():
        assert CALLS <= mean <= most <= 10 * CALLS


def test_what_a_round_decided_stays_decided(baseline, tmp_path: Path):
    (held,) = read_baseline(baseline)
    grid = held.grid
    first = [s for s, epoch in enumerate(grid.epochs) if epoch == 1]
    log = tmp_path / "a.json"
    log.write_text("{}")
    run = SimpleNamespace(
        task="value_portrait", path=log, model="m", grid=lambda: grid.rows(first),
        manifest=manifest_of("value_portrait"), summaries=(),
        header=SimpleNamespace(
            stats=SimpleNamespace(started_at=""), eval=SimpleNamespace(eval_id="")),
    )  # fmt: skip
    margins = {**dict.fromkeys(manifest_of("value_portrait").scores, 9.0), "valid answers": 9.0}
    loose = check_run([run], held, margins)
    strict = check_run([run], held, dict.fromkeys(margins, 1e-6), level=1e-9)
    assert {one.verdict for one in loose.scores if not one.apart} == {"same"}
    assert "undecided" in {one.verdict for one in strict.scores}
    kept = check_run([run], held, dict.fromkeys(margins, 1e-6), level=1e-9, earlier=loose)
    assert [one.verdict for one in kept.scores] == [one.verdict for one in loose.scores]
