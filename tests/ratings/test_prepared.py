"""One object for a split: the same people and ratings as the functions that it is made of."""

from dataclasses import replace

import numpy as np
import pytest

from ratings.data_sets.published.planted import plant
from ratings.data_sets.registry import DATA_SETS
from ratings.errors import DataError
from ratings.prepared import PreparedSplit, load_prepared
from ratings.representations.names import parse_representation
from ratings.splits import draw_partition, split_raters
from ratings.table import RatingTable


def test_it_holds_the_split_and_the_first_partition_of_its_seed():
    data = plant(raters=40, ratings=8).data
    prepared = PreparedSplit.of(data, 3)
    assert prepared.split.seed == 3
    np.testing.assert_array_equal(prepared.split.test, split_raters(data, 3).test)
    for number, found in ((0, prepared), (2, prepared.redrawn(2))):
        assert found.split is prepared.split
        np.testing.assert_array_equal(found.partition.fit, draw_partition(data, 3, number).fit)


def test_an_episode_is_of_the_raters_asked_for():
    prepared = PreparedSplit.of(plant(raters=40, ratings=8).data, 0)
    given = prepared.given(parse_representation("examples:max"))
    chosen = prepared.split.test[::-1][:5]
    episode = prepared.episode(given, chosen)
    names = prepared.data.table.raters.index
    assert list(episode.given.raters) == list(names[chosen])
    table = prepared.data.table.positions()
    own = chosen[episode.targets.raters]
    np.testing.assert_array_equal(table[own, episode.targets.instances], episode.targets.ratings)
    known = chosen[episode.given.owners()]
    np.testing.assert_array_equal(table[known, episode.given.instances], episode.given.ratings)
    everybody = np.count_nonzero(table[chosen])
    assert len(episode.targets) + len(episode.given.ratings) == everybody


def test_raters_with_too_few_ratings_are_left_out_when_loaded_and_else_refused(
    monkeypatch: pytest.MonkeyPatch,
):
    whole = plant(raters=20, ratings=4).data
    positions = whole.table.positions().copy()
    positions[7, np.flatnonzero(positions[7])[0]] = 0
    table = RatingTable.from_positions(
        positions,
        raters=whole.table.raters,
        instances=whole.table.instances,
        choices=whole.table.choices,
    )
    short = replace(whole, table=table, card=None)
    monkeypatch.setitem(DATA_SETS, "short", lambda: short)  # type: ignore[attr-defined]
    prepared, _ = load_prepared("short", 1)
    names = list(whole.table.raters.index)
    assert list(prepared.data.table.raters.index) == names[:7] + names[8:]
    assert prepared.split.seed == 1
    with pytest.raises(DataError, match=f"^rater {names[7]!r} of planted has 3 ratings"):
        PreparedSplit.of(short, 1)
