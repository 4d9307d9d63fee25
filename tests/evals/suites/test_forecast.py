import json
from pathlib import Path

import pytest
from inspect_ai.event import ModelEvent
from inspect_ai.log import read_eval_log

from evals.cli.main import main
from evals.suites.build import build_task
from evals.suites.forecast import LOCAL, PROMPT_CHARACTERS, ask_some, is_local, plan_suite
from evals.suites.suite import parse_suite, runs_of
from scorers.scores.manifests import manifests
from tests.evaluate import evaluate

TABLE = {
    "gpt-x": {
        "litellm_provider": "openai",
        "input_cost_per_token": 1e-6,
        "output_cost_per_token": 2e-6,
    }
}
SUITE = """
name: small
tasks:
  - task: value_portrait
    arguments: {data: sample, variants: [v1, v2]}
    epochs: 3
  - task: indie_value
    arguments: {data: sample, people: 4, grouping: all}
  - task: indie_value
    arguments: {data: sample, people: 4}
    solvers: [random]
models: [openai/gpt-x, openai/gpt-y, respondent/power]
"""


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(SUITE)
    return path


@pytest.fixture
def prices(tmp_path: Path) -> Path:
    path = tmp_path / "prices.json"
    path.write_text(json.dumps(TABLE))
    return path


def typed(capsys, *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as caught:
        main(["plan", *arguments])
    printed = capsys.readouterr()
    return int(caught.value.code or 0), printed.out, printed.err


def test_a_plan_gives_calls_tokens_and_cost(suite: Path, prices: Path, capsys):
    code, out, err = typed(capsys, str(suite), "--prices", str(prices), "--json")
    assert code == 0, err
    plan = json.loads(out)
    rows = {(run["task"], run["who"]): run for run in plan["runs"]}
    portrait, people = (rows[name, "openai/gpt-x"] for name in ("value_portrait", "indie_value"))
    # 120 items, 3 epochs, 2 variants; 4 people, 3 probe sets, one call each.
    assert (portrait["samples"], portrait["calls"]) == (360, 720)
    assert (people["samples"], people["calls"]) == (12, 12)
    for run in (portrait, people):
        for name in ("input_tokens", "output_tokens", "cost_usd"):
            assert 0 < run[name]["low"] < run[name]["high"]
        cost = 1e-6 * run["input_tokens"]["high"] + 2e-6 * run["output_tokens"]["high"]
        assert run["cost_usd"]["high"] == pytest.approx(cost)
    total = plan["cost_usd"]
    assert total["openai/gpt-x"]["low"] == pytest.approx(
        portrait["cost_usd"]["low"] + people["cost_usd"]["low"]
    )
    # A model that the table does not have has no cost, and no 0 either.
    assert total["openai/gpt-y"] is None
    assert rows["value_portrait", "openai/gpt-y"]["cost_usd"] is None
    assert total["respondent/power"] == {"low": 0, "high": 0}
    baseline = rows["indie_value", "baseline random"]
    assert (baseline["calls"], baseline["cost_usd"]) == (0, {"low": 0, "high": 0})


def test_what_runs_here_costs_nothing():
    assert all(is_local(f"{name}/x") for name in (*LOCAL, "respondent", "replay", "decoder"))
    assert not is_local("openai/vllm")


def test_the_table_for_people_says_what_is_unknown_and_what_is_local(suite, prices, capsys):
    code, out, _ = typed(capsys, str(suite), "--prices", str(prices), "--limit", "4")
    assert code == 0
    assert "openai/gpt-y: unknown" in out
    assert "unknown (no price for this model)" in out
    assert "respondent/power: 0 (local)" in out
    assert "Not assumed: discounts" in " ".join(out.split())


def test_the_estimate_brackets_what_a_run_sends(tmp_path: Path):
    """All prompts of a task, rendered by the task itself and counted in its log."""
    text = """
name: a
tasks: [{task: value_portrait, arguments: {data: sample, variants: v1, persona: A nurse.}}]
"""
    (run,) = runs_of(parse_suite(text, "a"), ["openai/gpt-x"])
    (log,) = evaluate(
        build_task(run), model="respondent/power", log_dir=str(tmp_path),
        score=False,
    )  # fmt: skip
    whole = read_eval_log(log.location, resolve_attachments=True)
    calls = [e for s in whole.samples for e in s.events if isinstance(e, ModelEvent)]
    sent = sum(len(message.text) for call in calls for message in call.input)
    (found,) = plan_suite([run], TABLE)
    assert found.calls == len(calls) == 120
    low, high = (sent / each for each in reversed(PROMPT_CHARACTERS))
    # 24 of 120 items: a draw is near the whole.
    assert found.input_tokens.low == pytest.approx(low, rel=0.1)
    assert found.input_tokens.high == pytest.approx(high, rel=0.1)


def test_the_same_samples_are_looked_at_each_time():
    text = "name: a\ntasks: [{task: value_portrait, arguments: {data: sample, variants: v1}}]"
    (run,) = runs_of(parse_suite(text, "a"), ["openai/gpt-x"])

    def asked(seed: int):
        return ask_some({"a": ("value_portrait", build_task(run))}, seed=seed)["a"]

    first, other = asked(0), asked(1)
    assert asked(0) == first
    assert first.calls == other.calls == 1
    assert first.prompt != other.prompt


def test_limits_and_settings_bound_the_estimate(suite: Path, prices: Path, capsys):
    code, out, _ = typed(capsys, str(suite), "--prices", str(prices), "--limit", "5", "--json")
    assert code == 0
    assert [run["samples"] for run in json.loads(out)["runs"]] == [15, 15, 15, 5, 5, 5, 5]
    text = """
name: a
tasks: [{task: value_portrait, arguments: {data: sample, variants: v1}}]
models:
  - openai/gpt-x
  - {model: openai/gpt-x, generate: {max_tokens: 4}}
  - {model: openai/gpt-x, generate: {reasoning_tokens: 1000}}
"""
    plain, short, long = plan_suite(runs_of(parse_suite(text, "a")), TABLE, limit=5)
    assert short.output_tokens.high == 5 * 4
    assert long.output_tokens.high == plain.output_tokens.high + 5 * 1000
    assert long.output_tokens.low == plain.output_tokens.low


@pytest.mark.usefixtures("no_data")
def test_without_prices_the_plan_gives_calls_and_tokens(suite: Path, capsys):
    code, out, err = typed(capsys, str(suite), "--limit", "4")
    assert code == 0
    assert "no prices: litellm_prices: litellm-" in err
    printed = " ".join(out.replace("│", " ").split())
    assert "24 " in printed  # 4 items, 3 epochs, 2 variants
    assert "openai/gpt-x: unknown" in printed
    assert "prices not at hand: valuegauge data fetch litellm_prices" in printed


def test_a_suite_without_a_bill_needs_no_prices(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("VALUEGAUGE_DATA", str(tmp_path))
    monkeypatch.setattr(
        "ratings.sources.prices.load_prices", lambda: pytest.fail("prices were sought")
    )
    code, out, _ = typed(capsys, "smoke", "--limit", "2", "--json")
    assert code == 0
    assert set(map(json.dumps, json.loads(out)["cost_usd"].values())) == {
        json.dumps({"low": 0.0, "high": 0.0})
    }


@pytest.mark.usefixtures("no_data")
def test_missing_data_are_missing_and_the_rest_is_planned(capsys, tmp_path, prices):
    path = tmp_path / "some.yaml"
    path.write_text(
        "name: some\ntasks: [{task: value_portrait}, {task: value_portrait, "
        "arguments: {data: sample}}]\nmodels: [openai/gpt-x]"
    )
    code, out, err = typed(capsys, str(path), "--prices", str(prices), "--limit", "2", "--json")
    assert code == 3
    assert "missing: tasks[0]: value_portrait: data/correlation_results" in err
    missing, there = json.loads(out)["runs"]
    assert missing["calls"] is missing["input_tokens"] is missing["cost_usd"] is None
    assert there["calls"] == 12


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["smok"], 2, "unknown suite"),
        (["smoke", "--prices", "none.json"], 3, "there is no price table at"),
        (["full"], 2, "say who answers with --model"),
        ([], 2, "Missing argument 'SUITE'"),
    ],
)
def test_wrong_options_are_reported_in_one_line(
    arguments: list[str], code: int, message: str, capsys
):
    found, out, err = typed(capsys, *arguments)
    assert (found, out) == (code, "")
    assert message in err
    assert err.count("\n") == 1


def test_every_benchmark_can_be_planned():
    assert all(manifest.plan for manifest in manifests().values())
