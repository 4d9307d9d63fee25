"""The task argument `items`: the whole instrument, or the part that a regression check asks."""

from pathlib import Path

import pytest
from inspect_ai._util.error import PrerequisiteError

from benchmarks.value_portrait.task import regression_items, value_portrait
from ratings.instruments.value_portrait import VARIANTS, load_instrument
from tests.evaluate import evaluate


def test_all_items_are_asked_unless_told_otherwise():
    whole = load_instrument("sample").items.index.tolist()
    assert [sample.id for sample in value_portrait(data="sample").dataset] == whole
    assert [sample.id for sample in value_portrait(data="sample", items="all").dataset] == whole


def test_the_part_is_asked_in_the_order_of_the_instrument_and_as_the_whole_asks_it():
    chosen = regression_items("sample")
    whole = {sample.id: sample for sample in value_portrait(data="sample").dataset}
    part = list(value_portrait(data="sample", items="regression").dataset)
    assert [sample.id for sample in part] == [one for one in whole if one in set(chosen)]
    for sample in part:
        assert (sample.input, sample.metadata) == (
            whole[sample.id].input,
            whole[sample.id].metadata,
        )


def test_a_run_of_the_part_is_a_part_of_the_whole(tmp_path: Path):
    task = value_portrait(data="sample", items="regression")
    (log,) = evaluate(task, model="respondent/power", log_dir=str(tmp_path))
    assert log.status == "success"
    assert log.eval.task_args["items"] == "regression"
    asked = len(log.samples or []) * len(VARIANTS)
    full = len(load_instrument("sample").items) * len(VARIANTS)
    assert (log.eval.metadata or {})["answers_in_full"] == full > asked


@pytest.mark.parametrize("items", ["regresion", ["regression"], "", None, 3])
def test_anything_else_is_refused(items: object):
    with pytest.raises(PrerequisiteError, match="unknown value for items"):
        value_portrait(data="sample", items=items)  # type: ignore[arg-type]


def test_the_official_part_is_a_quarter(mirror: Path):
    assert len(value_portrait(items="regression").dataset) == 130
    assert len(value_portrait(items="regression", variants="v1").dataset) == 130
