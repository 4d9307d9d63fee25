"""Opening prompts that greet and ask nothing: nearly alike whoever writes them."""

import re

import numpy as np
import pandas as pd

from ratings.arrays import BoolArray, IntArray

# What a greeting in English is made of, apart from punctuation.
_GREETS = (
    r"h+e+l+o+", r"h+i+(?:ya)?", r"h+e+y+(?:a)?", "howdy", "yo", "sup", "greetings", "salutations",
    "good (?:morning|afternoon|evening|day)", r"good (?:to )?(?:see|meet) you", "gday",
    "(?:(?:it is|its) )?(?:a )?(?:nice|pleasure|pleased|good|great) to (?:meet|greet|see) you",
    "how(?: a)?re? (?:you|u|ya|things)", "how have you been", "how do you do", "hows? it going",
    "how is (?:it going|everything|your day(?: going)?)", "hows (?:everything|your day(?: going)?)",
    "(?:what ?s|what is) up", "wassup", "whats new",
)  # fmt: skip
_ADDS = (
    "there", "again", "all", "everyone", "everybody", "friend", "my friend", "ai", "bot", "chatbot",
    "chat", "robot", "assistant", "sir", "mate", "you", "doing", "feeling", "going", "today", "now",
    "this (?:fine )?(?:morning|afternoon|evening|day)", "tonight", "to you", "too", "and", "so",
    "well", "fine", "thanks", "thank you", "i hope you are (?:well|fine|good)",
)  # fmt: skip
_GREETING = re.compile(
    rf"(?:{'|'.join(_GREETS)})(?: (?:{'|'.join((*_GREETS, *_ADDS))}))*", re.IGNORECASE
)
_APOSTROPHES, _OTHER = re.compile(r"['’`]"), re.compile(r"[\W_]+")


def is_greeting(text: str) -> bool:
    """Whether a text greets and no more, in English; punctuation and case do not count.

    >>> is_greeting("Hello! How are you doing today?"), is_greeting("Hi, who won the election?")
    (True, False)
    """
    words = _OTHER.sub(" ", _APOSTROPHES.sub("", text)).strip()
    return _GREETING.fullmatch(words) is not None


def greeting_topics(greeting: BoolArray, topic: IntArray) -> frozenset[int]:
    """Topics more than half of whose prompts greet.

    Args:
        greeting: C, whether each prompt greets.
        topic: C, the topic of each prompt; negative for none.
    """
    share = pd.Series(greeting.astype(float)).groupby(np.asarray(topic)).mean()
    return frozenset(int(name) for name in share.index[share > 0.5] if name >= 0)
