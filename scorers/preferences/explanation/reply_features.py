"""What a reply looks like: length, lines, a question at its end, a list, and three kinds of phrase.

Source: Kirk et al. (2024), The PRISM alignment dataset, appendix T.8.
"""

import re

import pandas as pd

from ratings.errors import DataError
from ratings.prism.codebook import EMPTY_REPLY
from scorers.intervals.bootstrap import REPLICATES
from scorers.intervals.person_bootstrap import SHARE, means, need_columns
from scorers.preferences.explanation.phrase_lists import PhraseLists, load_phrases

TEXT_FEATURES = ("text_length", "if_line_breaks", "if_question_marks", "if_enumeration")
PHRASE_FEATURES = ("if_deanthro", "if_refusal", "if_self_identification")
FEATURES = (*TEXT_FEATURES, *PHRASE_FEATURES)

# A line, not the first, that begins with `1.` and no decimal, or with a bullet and a blank.
_ENUMERATION = re.compile(r"\n\s*(?:1\.(?!\d)|[-*\u2022]\s)")


def reply_features(utterances: pd.DataFrame, phrases: PhraseLists | None = None) -> pd.DataFrame:
    r"""The features of each reply.

    - `text_length`: characters (code points).
    - `if_line_breaks`: it holds a line break.
    - `if_question_marks`: its last character is a question mark.
    - `if_enumeration`: a line of it, not the first, begins with `1.`, or with a bullet (-, * or •)
      and a blank. A list that begins with the reply's first character counts by its second bullet,
      and not by its second number, as in the authors' expression.
    - `if_deanthro`, `if_refusal`, `if_self_identification`: it holds a phrase of the list.
    - `is_empty`: it is `EMPTY STRING`, which the release holds where a model gave nothing. Such a
      reply has the features of these twelve characters.

    Args:
        utterances: N rows with the column `model_response`.
        phrases: lists of phrases; those that ship by default.

    Returns:
        N rows with these columns, the first a number, the others flags.

    Raises:
        DataError: when the column, or a reply, is missing.

    >>> texts = ["Yes?", "Do this:\n1. Rest.\n2. Eat.", "I'm an AI.\nAsk Anthropic?"]
    >>> reply_features(pd.DataFrame({"model_response": texts})).astype(int).to_numpy()
    array([[ 4,  0,  1,  0,  0,  0,  0,  0],
           [25,  1,  0,  1,  0,  0,  0,  0],
           [25,  1,  1,  0,  1,  0,  1,  0]])
    """
    need_columns(utterances, ("model_response",), "features of replies")
    texts = utterances["model_response"]
    if texts.isna().any():
        first = utterances.index[texts.isna()][0]
        raise DataError(
            f"utterances: the reply {first} has no text ({int(texts.isna().sum())} in all have "
            f"none): it has no features"
        )
    lists = load_phrases() if phrases is None else phrases
    return pd.DataFrame(
        {
            "text_length": texts.str.len(),
            "if_line_breaks": texts.str.contains("\n", regex=False),
            "if_question_marks": texts.str.endswith("?"),
            "if_enumeration": texts.str.contains(_ENUMERATION),
            "if_deanthro": lists.deanthro.found_in(texts),
            "if_refusal": lists.refusal.found_in(texts),
            "if_self_identification": lists.self_identification.found_in(texts),
            "is_empty": texts.eq(EMPTY_REPLY),
        },
        index=utterances.index,
    )


def feature_shares(
    utterances: pd.DataFrame, features: pd.DataFrame, seed: int, replicates: int = REPLICATES
) -> pd.DataFrame:
    """The mean of each feature over replies: of a flag, the share of replies that have it.

    Args:
        utterances: N rows with the column `user_id`.
        features: N rows, as `reply_features` gives them.
        seed: of the bootstrap over people.
        replicates: of the bootstrap.

    Returns:
        A row for each feature with the columns value, low, high, people and n.
    """
    need_columns(utterances, ("user_id",), "shares of features")
    table, people = features.loc[utterances.index], utterances["user_id"]
    length, flags = table[["text_length"]], table.drop(columns="text_length")
    return pd.concat(
        [
            means(length, people, seed, replicates, ends=(0.0, float("inf"))),
            means(flags, people, seed, replicates, SHARE),
        ]
    )
