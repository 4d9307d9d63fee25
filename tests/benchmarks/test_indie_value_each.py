"""One question a call, after statements of all others, as trained reasoners are evaluated."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.indie_value._setup import load_material
from benchmarks.indie_value.task import indie_value
from ratings.instruments.indie_value import PROBES
from tests.benchmarks.indie_value_runs import (
    SETUP,
    answering,
    events,
    first_of_all,
    report_of,
    run,
)


def test_each_question_alone_is_39_calls_after_statements_of_all_others(tmp_path: Path):
    """As trained reasoners are evaluated: the other 38 of the probe set may be shown too."""
    prompts: dict[str, str] = {}

    def answer(text: str, questions: dict[str, str], call: int) -> str:
        ((label, question),) = questions.items()
        prompts[question] = text
        return first_of_all([label])

    task = indie_value(data="sample", people=1, probe=3, grouping="each")
    log = run(task, answering("alone", answer), tmp_path)
    assert len(events(log)) == 39
    assert report_of(log).counts["valid"] == 39
    assert sorted(prompts) == sorted(PROBES[3])
    material = load_material(replace(SETUP, grouping="each"))
    row, catalog = material.sample.held_out[0], material.catalog
    said = {
        catalog.statements["polar"][i][material.known[row, i] - 1]: name
        for i, name in enumerate(catalog.questions.index)
        if material.known[row, i]
    }
    assert len(said) == (material.known[row] > 0).sum()
    probed, sets = [], set()
    for question, text in prompts.items():
        known = text.rpartition("[Known Statements of Person A]:\n")[2].partition("\n\n")[0]
        shown = [said[line.removeprefix("# ")] for line in known.splitlines()]
        assert len(set(shown)) == 200
        assert question not in shown
        probed.append(len(set(shown) & set(PROBES[3])))
        sets.add(tuple(shown))
    assert len(sets) == 39  # drawn again for each question
    # 38 of some 250 answered, of whom 200 are drawn
    expected = 38 * 200 / (len(said) - 1)
    assert abs(np.mean(probed) - expected) < 4 * np.sqrt(expected * (1 - 200 / 252) / 39)
