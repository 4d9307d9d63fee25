"""What people and models wrote: lengths, n-grams and adjectives."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from evals.studies.findings import Finding
from evals.studies.participants.draw import bars, bars_size
from evals.studies.participants.settings import ParticipantSettings
from ratings.errors import DataError
from ratings.prism.container import Prism
from scorers.participants.adjectives import load_tagger, top_adjectives
from scorers.participants.counts import count_summary
from scorers.participants.words import (
    STOP_WORDS,
    distinct_words,
    released_words,
    top_ngrams,
    word_numbers,
)

PROMPTS = "user_prompt"
PER_REPLY = "user_prompt, once a reply"
LENGTHS = {1: "words", 2: "two words", 3: "three words"}
# What people were asked, as appendix M prints it: adjectives in a question are no answer.
QUESTIONS = {
    "system_string": "Imagine you are instructing an AI language model how to behave. You can "
    "think of this like a set of core principles that the AI language model will always try to "
    "follow, no matter what task you ask it to perform. In your own words, describe what "
    "characteristics, personality traits or features you believe the AI should consistently "
    "exhibit. You can also instruct the model what behaviours or content you don't want to see. "
    "If you envision the AI behaving differently in various contexts (e.g. professional "
    "assistance vs. storytelling), please specify the general adaptations you'd like to see. "
    "Please write 2-5 sentences in your own words.",
    "self_description": "Please briefly describe your values, core beliefs, guiding principles in "
    "life, or other things that are important to you. For example, you might include values you'd "
    "want to teach to your children or qualities you look for in friends. There are no right or "
    "wrong answers. Please do not provide any personally identifiable details like your name, "
    "address or email. Please write 2-5 sentences in your own words.",
    "open_feedback": "Give the model some feedback on the conversation as whole. Hypothetically, "
    "what would an ideal interaction for you look like here? What was good and what was bad? What "
    "(if anything) was missing? What would you change to make the conversation better?",
}
ADJECTIVES = 20


@dataclass(frozen=True)
class Texts:
    """N texts of a kind and whose they are."""

    texts: "pd.Series[str]"
    people: "pd.Series[str]"


def prism_texts(prism: Prism) -> dict[str, Texts]:
    """The texts of PRISM by kind; a prompt is once, and under its own name once for each reply."""
    survey, talks, replies = prism.survey, prism.conversations, prism.utterances
    person = survey.index.to_series()
    turns = replies.drop_duplicates("interaction_id")
    found = {
        "system_string": Texts(survey["system_string"], person),
        "self_description": Texts(survey["self_description"], person),
        "open_feedback": Texts(talks["open_feedback"], talks["user_id"]),
        PROMPTS: Texts(turns[PROMPTS], turns["user_id"]),
        PER_REPLY: Texts(replies[PROMPTS], replies["user_id"]),
        "model_response": Texts(replies["model_response"], replies["user_id"]),
    }
    return {
        name: Texts(one.texts[there := one.texts.notna()], one.people[there])
        for name, one in found.items()
    }


def text_findings(
    texts: Mapping[str, Texts], settings: ParticipantSettings, questions: Mapping[str, str]
) -> Iterator[Finding]:
    """Lengths, n-grams and adjectives.

    Args:
        texts: by kind.
        settings: of the study.
        questions: what people were asked, by kind; of these, adjectives are counted.
    """
    yield lengths(texts, settings)
    yield ngrams(texts, settings)
    if questions:
        yield adjectives({name: texts[name] for name in questions}, settings, questions)


def lengths(texts: Mapping[str, Texts], settings: ParticipantSettings) -> Finding:
    """How long texts are, and how many words differ (Table 11)."""
    rows = []
    for name, one in texts.items():
        numbers, distinct = released_words(one.texts)
        row = count_summary(word_numbers(one.texts), one.people, settings.seed, settings.replicates)
        row["text"], row["distinct words"] = name, distinct_words(one.texts)
        row["released mean"], row["released sd"] = numbers.mean(), numbers.std()
        row["released min"], row["released max"] = numbers.min(), numbers.max()
        row["released distinct"] = distinct
        rows.append(row)
    table = pd.concat(rows, ignore_index=True)
    table = table[["text", *table.columns.drop("text")]]
    said = [
        f"{row['text']} {row['mean']:.0f}"
        for row in table.to_dict("records")
        if row["n"] and row["text"] != PER_REPLY
    ]
    notes = [
        "White space parts words. The columns named released are by the rule of the authors' "
        "code, where single spaces do, and an empty text has one word."
    ]
    if PER_REPLY in texts:
        notes.append(
            f"{PER_REPLY}: how the paper's Tables 11 and 12 count prompts: one with four replies "
            "counts four times."
        )
    return Finding(
        name="texts",
        title="How much did people write?",
        sentence=f"Mean number of words: {', '.join(said)}." if said else "Nobody wrote anything.",
        table=table,
        notes=tuple(notes),
        columns=("text", "n", "mean", "sd", "min", "median", "max", "distinct words"),
        rows=len(table),
    )


def ngrams(texts: Mapping[str, Texts], settings: ParticipantSettings) -> Finding:
    """The most frequent words, and rows of two and three words (Tables 12, 13, 16, 18 and 20)."""
    parts = [
        top_ngrams(
            one.texts, one.people, length, settings.top, STOP_WORDS if length == 1 else ()
        ).assign(text=name, kind=kind)
        for name, one in texts.items()
        for length, kind in LENGTHS.items()
    ]
    table = pd.concat(parts, ignore_index=True)
    first = ["text", "kind"]
    table = table[[*first, *table.columns.drop(first)]]
    words = table[table["kind"].eq(LENGTHS[1])].drop_duplicates("text")
    said = "; ".join(f"{row['text']}: {row['n-gram']}" for row in words.to_dict("records"))
    return Finding(
        name="ngrams",
        title="Which words are used most?",
        sentence=f"Most frequent words: {said}." if said else "Nobody wrote anything.",
        table=table,
        notes=(
            f"In lower case without punctuation; single words without {len(STOP_WORDS)} stop "
            "words. people: who use it, with Wilson's interval of their share.",
        ),
        columns=(*first, "n-gram", "times", "people", "share"),
        rows=30,
    )


def adjectives(
    texts: Mapping[str, Texts], settings: ParticipantSettings, questions: Mapping[str, str]
) -> Finding:
    """The adjectives that most texts have (Tables 15, 17 and 19)."""
    name, title = "adjectives", "Which adjectives are used most?"
    try:
        tag = load_tagger()
    except DataError as error:
        return Finding(name, title, f"Not counted: {error}.", pd.DataFrame())
    table = pd.concat(
        [
            top_adjectives(
                one.texts,
                one.people,
                tag,
                settings.seed,
                top=ADJECTIVES,
                question=questions[kind],
            ).assign(text=kind)
            for kind, one in texts.items()
        ],
        ignore_index=True,
    )
    table = table[["text", *table.columns.drop("text")]]
    first = table.drop_duplicates("text").to_dict("records")
    said = "; ".join(f"{row['text']}: {row['adjective']}" for row in first)
    return Finding(
        name=name,
        title=title,
        sentence=f"Adjectives of most texts: {said}." if said else "Nobody used any.",
        table=table,
        notes=(
            "By TextBlob's tagger, which takes some words for adjectives that NLTK's, in the "
            "paper, does not, and the other way round. Adjectives of the question are left out.",
        ),
        draw=(
            lambda axes: bars(
                axes, table, table["text"] + ": " + table["adjective"], "share", "share of people"
            )
        )
        if len(table)
        else None,
        size=bars_size(table),
        columns=("text", "adjective", "texts", "people", "share"),
        rows=20,
    )
