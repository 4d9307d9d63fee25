"""Items that a model answers otherwise than a person of the same score would."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ratings.arrays import BoolArray, FloatArray
from scorers.agreement.dif.results import ROUNDS, Dif, ItemDif, ValueDif, corrected, purified
from scorers.intervals.estimate import Estimate, undefined
from scorers.intervals.means import mean_of_present
from scorers.intervals.quantiles import student_beyond, student_quantile

METHOD = "the model's answer less what people of its score on the value's other items answer"
LEAST_PEOPLE = 10


def model_dif(model: FloatArray, people: FloatArray, tagged: BoolArray) -> Dif:
    """DIF of every item of every value between a model and people, purified.

    One model is one rater, so no regression can have it as a group. What can be estimated: people's
    ratings of the item are regressed on their scores on the value's other items that they rated
    too; the model's mean rating is compared with what the regression predicts for the model's
    score on the same items. The interval of the difference is that of the prediction for one
    person: DIF is found where hardly any person of the model's score would answer so.

    Of a value, the mean difference over its items is compared with the same mean of people,
    whose standard deviations are added up over groups of raters who rated other items.

    Source: Draper and Smith (1998), Applied regression analysis, for prediction intervals.

    Args:
        model: I mean ratings, NaN where missing.
        people: R x I ratings, NaN where a person did not rate an item.
        tagged: D x I, the items of each value.
    """
    anchors = tagged.copy()
    seen: list[BoolArray] = []
    for _ in range(ROUNDS):
        tested, gaps = _tested(model, people, tagged, anchors)
        items = corrected(tested)
        anchors = purified(tagged, items)
        if any(np.array_equal(anchors, before) for before in seen):
            break
        seen.append(anchors)
    values = tuple(_value(d, items, gaps, people) for d in range(len(tagged)))
    return Dif(METHOD, tuple(items), values)


def turned(found: Dif) -> Dif:
    """The same with the sets in the other order."""

    def less(one: Estimate) -> Estimate:
        return Estimate(-one.value, -one.high, -one.low, one.reason)

    return replace(
        found,
        items=tuple(replace(one, difference=less(one.difference)) for one in found.items),
        values=tuple(replace(one, difference=less(one.difference)) for one in found.values),
    )


def _tested(
    model: FloatArray, people: FloatArray, tagged: BoolArray, anchors: BoolArray
) -> tuple[list[ItemDif], list[FloatArray]]:
    """Every item of every value, and how far each person is from the regression, R."""
    there = ~np.isnan(people)
    items, gaps = [], []
    for d in range(len(tagged)):
        for i in np.flatnonzero(tagged[d]).tolist():
            rest = anchors[d] & ~np.isnan(model)
            rest[i] = False
            rated = there[:, i]
            # those of the other items that most people who rated this one rated too
            common = rest & (there[rated].mean(axis=0) > 0.5) if rated.any() else rest & False
            found, gap = _item(model, people, common, i, d)
            items.append(found)
            gaps.append(gap)
    return items, gaps


def _item(
    model: FloatArray, people: FloatArray, rest: BoolArray, i: int, d: int
) -> tuple[ItemDif, FloatArray]:
    nothing = np.full(len(people), np.nan)

    def untested(reason: str, raters: int = 0) -> tuple[ItemDif, FloatArray]:
        found = ItemDif(i, d, undefined(reason), float("nan"), raters=raters, reason=reason)
        return found, nothing

    if not rest.any():
        return untested("its raters rated no other item of the value")
    if np.isnan(model[i]):
        return untested("the model did not answer it")
    kept = ~np.isnan(people[:, i]) & ~np.isnan(people[:, rest]).any(axis=1)
    count = int(kept.sum())
    if count < LEAST_PEOPLE:
        return untested(f"needs {LEAST_PEOPLE} people, found {count}", count)
    x, y = people[kept][:, rest].mean(axis=1), people[kept, i]
    spread = float(((x - x.mean()) ** 2).sum())
    slope = float(((x - x.mean()) * (y - y.mean())).sum() / spread) if spread > 0 else 0.0
    gap = y - y.mean() - slope * (x - x.mean())
    freedom = count - 2
    deviation = float(np.sqrt((gap**2).sum() / freedom))
    far = float(model[rest].mean()) - float(x.mean())
    value = float(model[i] - y.mean() - slope * far)
    error = deviation * np.sqrt(1 + 1 / count + (far**2 / spread if spread > 0 else 0.0))
    reach = float(student_quantile(0.975, freedom) * error)
    p = float(2 * student_beyond(abs(value) / error, freedom)) if error > 0 else float(value == 0)
    out = nothing.copy()
    out[kept] = gap * np.sqrt(count / freedom)
    return ItemDif(i, d, Estimate(value, value - reach, value + reach), p, raters=count), out


def _value(
    d: int, items: Sequence[ItemDif], gaps: Sequence[FloatArray], people: FloatArray
) -> ValueDif:
    """The mean over items, with the error of one person's mean over as many items."""
    mine = [k for k, one in enumerate(items) if one.dimension == d and not np.isnan(one.p)]
    if not mine:
        return ValueDif(d, 0, 0, undefined("no item could be tested"), float("nan"))
    mean = float(np.mean([items[k].difference.value for k in mine]))
    found = sum(items[k].found for k in mine)
    # The model is the same in every group of raters, so what a person has in common with itself
    # goes on from group to group: standard deviations are added up, not variances.
    together: dict[bytes, list[int]] = {}
    for k in mine:
        together.setdefault(np.isnan(people[:, items[k].item]).tobytes(), []).append(k)
    error, freedom = 0.0, np.inf
    for members in together.values():
        of_person = mean_of_present(np.array([gaps[k] for k in members]), axis=0)
        of_person = of_person[~np.isnan(of_person)]
        error += len(members) / len(mine) * float(of_person.std(ddof=1))
        freedom = min(freedom, len(of_person) - 1)
    if not error > 0:
        return ValueDif(d, len(mine), found, Estimate(mean, reason="people do not differ"), np.nan)
    reach = float(student_quantile(0.975, freedom)) * error
    p = float(2 * student_beyond(abs(mean) / error, freedom))
    return ValueDif(d, len(mine), found, Estimate(mean, mean - reach, mean + reach), p)
