"""Which groups of people write about a topic more than their share.

Source: Kirk et al. (2024), The PRISM alignment dataset, appendix R.1 and Figure 26; Fisher (1935)
for the exact test.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.stats import hypergeom

from ratings.arrays import FloatArray, IntArray
from scorers.intervals.bootstrap import (
    REPLICATES,
    cluster_intervals,
    cluster_weights,
    resampled,
)
from scorers.intervals.means import ratio


def over_representation(
    topic: IntArray,
    person: IntArray,
    group: IntArray,
    groups: Sequence[str],
    of_people: IntArray | None,
    people: int,
    seed: int = 0,
    replicates: int = REPLICATES,
) -> pd.DataFrame:
    """The over-representation factor of each group in each topic, (N_gt / N_t) / b_g.

    N_gt is how many texts of topic t people of group g wrote, and N_t how many all groups wrote.
    The base b_g is the group's share of the people (`by_people`), as published, though it is texts
    that are counted and people wrote one to seven; or its share of all texts, those of no topic
    included (`by_texts`). Texts and people without a group take no part.

    Args:
        topic: N, 0 to T - 1, or -1 for a text of no topic.
        person: N, 0 to R - 1.
        group: N, position in `groups`, or -1.
        groups: G names.
        of_people: R, the group of each person, or -1; None for groups of texts, such as types of
            conversation, which have no share of people: `by_people` is NaN.
        people: R, those without a text included.
        seed: of the bootstrap over people.
        replicates: B.

    Returns:
        T x G rows with topic, group, texts (N_gt), people (how many wrote them), and for
        `by_people` and `by_texts` the factor with its low and high end; a factor is NaN where
        nobody wrote on the topic or the base is 0, its interval where fewer than two people of the
        group wrote on the topic. And `expected`, how many people of the group would write on the
        topic if groups were alike, and `p` of a two-sided exact test that they are, see
        `exact_test`; NaN for groups of texts.
    """
    topics, size = int(topic.max(initial=-1)) + 1, len(groups)
    known = group >= 0
    flat = (person * size + group)[known]
    every = np.bincount(flat, minlength=people * size).reshape(people, size).astype(float)
    kept = known & (topic >= 0)
    flat = (person * topics + topic)[kept] * size + group[kept]
    length = people * topics * size
    counts = np.bincount(flat, minlength=length).reshape(people, topics * size).astype(float)
    heads = np.zeros((people, size))
    if of_people is not None:
        heads[np.flatnonzero(of_people >= 0), of_people[of_people >= 0]] = 1.0
    writers = (counts > 0).sum(axis=0)
    drawn = cluster_weights(people, seed, replicates)
    weights = np.vstack([np.ones(people), drawn])
    texts = resampled(weights, counts.T).reshape(-1, topics, size)
    share = ratio(texts, texts.sum(axis=2, keepdims=True))
    table = pd.DataFrame(
        {
            "topic": np.repeat(np.arange(topics), size),
            "group": list(groups) * topics,
            "texts": texts[0].ravel().astype(int),
            "people": writers,
        }
    )
    for name, base in (("by_people", heads), ("by_texts", every)):
        factor = _factors(share, resampled(weights, base.T))
        ends = np.maximum(cluster_intervals(factor[0], factor[1:], writers), 0.0)
        table[name], table[f"{name}_low"], table[f"{name}_high"] = factor[0], *ends
    table["expected"] = table["p"] = np.nan
    if of_people is not None:
        members = (every > 0).sum(axis=0)
        expected, p = exact_test(writers.reshape(topics, size), members)
        table["expected"], table["p"] = expected.ravel(), p.ravel()
    return table


def exact_test(writers: IntArray, members: IntArray) -> tuple[FloatArray, FloatArray]:
    """Whether as many people of a group write on a topic as of all others, by Fisher's exact test.

    A person counts once, with however many texts: those of one person are no evidence of a group.
    Given how many people write on the topic, and how many are of the group, those who do both have
    a hypergeometric distribution if groups are alike, however few are expected.

    Args:
        writers: T x G people who wrote on the topic, each of one group.
        members: G people who wrote at all.

    Returns:
        T x G people expected, and p-values, twice the smaller tail.
    """
    everybody = members.sum()
    on_topic = writers.sum(axis=1, keepdims=True)
    chance = hypergeom(everybody, members, on_topic)
    p = 2 * np.minimum(chance.cdf(writers), chance.sf(writers - 1))
    return ratio(on_topic * members, everybody), np.minimum(p, 1.0)


def _factors(share: FloatArray, base: FloatArray) -> FloatArray:
    """(1 + B) x TG factors of (1 + B) x T x G shares and (1 + B) x G counts of the base."""
    of_base = ratio(base, base.sum(axis=1, keepdims=True))
    found = ratio(share, np.nan_to_num(of_base)[:, None, :])
    return found.reshape(len(share), -1)
