from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratings.errors import DataError
from ratings.representations.rater_context import (
    RaterContext,
    Targets,
    combine,
    levels_of,
    no_context,
    require_no_leak,
)

RATERS = ("ann", "bob", "eve")


def with_examples(counts: list[int]) -> RaterContext:
    """Raters who know as many instances as said, 0, 1, 2 and so on, and rated each with 1."""
    plain = no_context(RATERS[: len(counts)])
    return replace(
        plain,
        starts=np.concatenate([[0], np.cumsum(counts)]).astype(np.intp),
        instances=np.concatenate([np.arange(count) for count in counts]).astype(np.intp),
        ratings=np.ones(sum(counts), dtype=np.intp),
        numbers=pd.DataFrame({"Power": np.arange(len(counts), dtype=float)}),
    )


def targets(raters: list[int], instances: list[int]) -> Targets:
    return Targets(
        np.array(raters, dtype=np.intp),
        np.array(instances, dtype=np.intp),
        np.ones(len(raters), dtype=np.intp),
    )


def test_counts_and_owners():
    context = with_examples([2, 0, 3])
    assert context.counts.tolist() == [2, 0, 3]
    assert context.owners().tolist() == [0, 0, 2, 2, 2]
    assert len(context) == 3
    assert len(targets([0, 1], [0, 0])) == 2


@given(st.lists(st.integers(0, 2), max_size=6))
def test_raters_are_taken_with_all_that_is_given_about_them(rows: list[int]):
    context = with_examples([2, 0, 3])
    found = context.take(rows)
    assert found.raters == found.givers == tuple(RATERS[row] for row in rows)
    assert found.numbers["Power"].tolist() == rows
    known = [
        found.instances[found.starts[r] : found.starts[r + 1]].tolist() for r in range(len(rows))
    ]
    assert known == [list(range([2, 0, 3][row])) for row in rows]


def test_the_empty_context_holds_nothing_about_its_raters():
    plain = no_context(RATERS)
    assert plain.counts.tolist() == [0, 0, 0]
    for frame in (plain.numbers, plain.levels, plain.labels, plain.texts):
        assert frame.shape == (3, 0)


def test_combined_contexts_keep_the_examples_and_every_column():
    examples = replace(with_examples([1, 2, 0]), numbers=pd.DataFrame(index=range(3)))
    labels = replace(no_context(RATERS), labels=pd.DataFrame({"region": ["n", "s", None]}))
    numbers = replace(no_context(RATERS), numbers=pd.DataFrame({"Power": [1.0, 2.0, 3.0]}))
    other = replace(no_context(RATERS), numbers=pd.DataFrame({"Age": [4.0, 5.0, 6.0]}))
    for order in ([examples, labels, numbers, other], [other, numbers, labels, examples]):
        found = combine(order)
        assert found.counts.tolist() == [1, 2, 0]
        assert sorted(found.numbers) == ["Age", "Power"]
        assert found.labels["region"].tolist()[:2] == ["n", "s"]


def test_known_ratings_of_others_keep_their_givers():
    swapped = replace(with_examples([1, 1, 1]), givers=("bob", "eve", "ann"))
    found = combine([no_context(RATERS), replace(swapped, numbers=pd.DataFrame(index=range(3)))])
    assert found.givers == ("bob", "eve", "ann")


def test_a_repeated_part_is_refused():
    context = with_examples([1, 1])
    with pytest.raises(DataError, match="^examples can be given only once: join them with"):
        combine([context, context])
    numbers = replace(no_context(RATERS), numbers=pd.DataFrame({"Power": [1.0, 2.0, 3.0]}))
    with pytest.raises(DataError, match="^'Power' is given twice; name it once$"):
        combine([numbers, numbers])


def test_levels_are_fifths_of_the_raters():
    scores = pd.DataFrame({"a": np.random.default_rng(0).normal(size=1000)})
    found = levels_of(scores)["a"]
    assert np.bincount(found.astype(int)).tolist() == [200] * 5
    assert scores["a"][found == 0].max() < scores["a"][found == 1].min()


def test_levels_of_ties_and_of_missing_scores():
    found = levels_of(pd.DataFrame({"a": [1.0, 1, 1, 1, 9], "b": [np.nan, 1, 2, 3, np.nan]}))
    assert found["a"].tolist() == [2.0, 2, 2, 2, 4]  # four share the ranks 1 to 4: the middle
    assert found["b"].isna().tolist() == [True, False, False, False, True]
    assert found["b"].tolist()[1:4] == [0.0, 2, 4]


def test_a_rating_that_is_given_and_asked_is_a_leak():
    context = with_examples([2, 1])  # ann: 0 and 1; bob: 0
    require_no_leak(context, targets([0, 1, 1], [2, 1, 2]))
    told_so = (
        "^target leakage: 2 of 4 target ratings are also among the rater's known ratings, first "
        "that of rater 'bob' on instance number 0$"
    )
    with pytest.raises(DataError, match=told_so):
        require_no_leak(context, targets([0, 1, 0, 1], [2, 0, 1, 1]))


def test_anothers_rating_of_the_same_instance_is_no_leak():
    context = replace(with_examples([2, 1]), givers=("bob", "ann"))
    require_no_leak(context, targets([0, 1], [0, 0]))
    with pytest.raises(DataError, match="leak"):
        require_no_leak(replace(context, givers=("bob", "bob")), targets([0, 1], [0, 0]))


def test_where_nothing_is_given_or_asked_nothing_leaks():
    require_no_leak(no_context(RATERS), targets([0, 2], [5, 6]))
    require_no_leak(with_examples([2, 1]), targets([], []))
