"""PRISM: the scores that people gave replies of language models, each in its conversation."""

import pandas as pd

from ratings.data_sets.data_set import TEXT, DataSet
from ratings.data_sets.sources import of_active_raters, said
from ratings.prism.answers import ANSWERS, short_answers
from ratings.prism.codebook import HIGHEST_SCORE, LOWEST_SCORE, MEANING, STATED
from ratings.prism.container import Prism
from ratings.prism.prism import PUBLISHED, SAMPLE, load_prism
from ratings.sources.cards import load_card
from ratings.table import RatingTable

TASK = (
    "A rater talks with a language model and scores its last reply from 1 (terrible) to 100 "
    "(perfect)."
)
CHOICES = tuple(str(score) for score in range(LOWEST_SCORE, HIGHEST_SCORE + 1))
CONVERSATION = "conversation"
OWN_WORDS = "self_description"
# What is a number of its own, or a text of one's own.
_OTHERWISE = {OWN_WORDS, "stated_prefs", "order_lm_usecases", "order_stated_prefs"}
DEMOGRAPHICS = tuple(name for name in ANSWERS if name not in _OTHERWISE)
MEASURED = tuple(f"stated_prefs_{name}" for name in STATED if name != "other")


def load_prism_replies(data: str = PUBLISHED) -> DataSet:
    """The scores of all replies, 1 to 100 as ordered choices.

    An instance is a reply with the prompt before it and, in later turns, what was said before:
    earlier prompts and the replies that were chosen. Replies that read alike after the same words
    are one instance, whoever got them. Where a person scored an instance several times, the first
    score counts; missing scores are no ratings. The models' names are not given, as people did not
    see them.

    Of raters are known, as labels, what they said of themselves; as measured numbers, how much
    they state to care for eight qualities of a model, 0 to 100; as the text that describes them,
    their own description.

    Args:
        data: as `load_prism` takes it.

    Raises:
        DataError: when files of PRISM are missing, changed, or not in its layout.
    """
    prism = load_prism(data, parts=("survey", "utterances"))
    scored = prism.utterances.dropna(subset=["score", "user_prompt", "model_response"])
    rows = pd.DataFrame(
        {
            "rater": scored["user_id"],
            "rating": scored["score"],
            TEXT: in_conversation(prism).reindex(scored.index),
            CONVERSATION: scored["conversation_id"],
        }
    ).reset_index(names="instance")
    rows["instance"] = rows.groupby(TEXT, sort=False)["instance"].transform("first")
    instances = rows.drop_duplicates("instance").set_index("instance")[[TEXT, CONVERSATION]]
    once = rows.drop_duplicates(["rater", "instance"])
    survey = prism.survey[prism.survey.index.isin(once["rater"])]
    answers = short_answers(survey).reset_index()
    raters = said(answers, "user_id", (*DEMOGRAPHICS, OWN_WORDS)).join(survey[list(MEASURED)])
    made = DataSet(
        name="prism_replies_sample" if data == SAMPLE else "prism_replies",
        table=RatingTable(once, raters, instances, CHOICES),
        task=TASK,
        ordered=True,
        demographics=DEMOGRAPHICS,
        measured={"stated_prefs": MEASURED},
        descriptions={
            f"stated_prefs_{name}": f"importance, 0 to 100, that a language model {meaning}"
            for name, meaning in MEANING.items()
            if name != "other"
        },
        groundtruth=OWN_WORDS,
        groups=CONVERSATION,
        card=load_card(prism.card.id),
    )
    return of_active_raters(made)


def in_conversation(prism: Prism) -> pd.Series:
    """Each scored reply after what was said before it, indexed by `utterance_id`.

    What was said before are the prompts and the chosen replies of earlier turns.
    """
    replies = prism.utterances.sort_values(["conversation_id", "turn"], kind="stable")
    turns = replies.drop_duplicates("interaction_id").set_index("interaction_id")
    chosen = replies[replies["if_chosen"]].drop_duplicates("interaction_id")
    went_on = chosen.set_index("interaction_id")["model_response"].reindex(turns.index).fillna("")
    before: dict[str, str] = {}
    last, so_far = "", ""
    for turn, talk, prompt, reply in zip(
        turns.index, turns["conversation_id"], turns["user_prompt"], went_on, strict=True
    ):
        so_far = f"Person: {prompt}" if talk != last else f"{so_far}\n\nPerson: {prompt}"
        before[turn] = so_far
        last, so_far = talk, f"{so_far}\n\nModel: {reply}"
    shown = replies["interaction_id"].map(before)
    return (shown + "\n\nModel: " + replies["model_response"]).reindex(prism.utterances.index)
