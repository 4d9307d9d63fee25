"""What a task asks in one call, as data: written into the message's metadata for offline models.

A model that needs no network has no use for the wording of a prompt. What it needs to know of the
call goes with the message, checked when it is written and when it is read.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

Pair = tuple[str, str]
Distribution = tuple[float, ...]


class Asked(BaseModel):
    """One question.

    Attributes:
        benchmark: name of the task that asks it.
        data: name of the data set or instrument, or path of one's own.
    """

    model_config = ConfigDict(frozen=True)

    benchmark: str
    data: str

    def as_metadata(self) -> dict[str, Any]:
        """As plain data, for the metadata of a message."""
        return self.model_dump(mode="json")


class AskedItem(Asked):
    """How a rater rates an item in one variant of the prompt."""

    benchmark: Literal["value_portrait"] = "value_portrait"
    instance: str
    variant: str


class AskedStatements(Asked):
    """Which statements a person of a survey would choose.

    Attributes:
        survey: path of the survey's file; None for that of `data`.
        form: of the statements asked.
        person: id.
        questions: ids of the questions asked, by the label of each one's group in the prompt.
        known: ids of the questions whose answers are shown, in the order shown.
        known_form: of the statements shown.
        demographics: whether the person's demographics are shown, before the answers.
    """

    benchmark: Literal["indie_value"] = "indie_value"
    survey: str | None
    form: str
    person: str
    questions: dict[str, str]
    known: tuple[str, ...]
    known_form: str
    demographics: bool


class AskedRating(Asked):
    """How a rater rates an instance, given a representation of the rater.

    Attributes:
        seed: of the split.
        representation: what is given in this call, by name: that of the run, or `none`.
        run_representation: what the run gives; its other calls give nothing and are compared.
        rater: name; None where nothing is given.
        profile: text of the profile that is given; None where something else is.
        instance: name.
        choices: their number, K.
        answer: `logprobs` or `stated`, how the distribution is asked for.
    """

    benchmark: Literal["decode_ratings"] = "decode_ratings"
    seed: int
    representation: str
    run_representation: str
    rater: str | None
    profile: str | None = None
    instance: str
    choices: int
    answer: Literal["logprobs", "stated"] = "logprobs"


class AskedPreference(Asked):
    """Which of the replies of one turn a participant prefers.

    Attributes:
        seed: of the split, and of the order of the replies.
        participant: id.
        conversation: id.
        turn: from 0.
        replies: ids of the replies in the order shown.
        known: what is given of the participant, by name.
        answer: how the choice, or its distribution, is asked for.
    """

    benchmark: Literal["prism"] = "prism"
    seed: int
    participant: str
    conversation: str
    turn: int
    replies: tuple[str, ...]
    known: str
    answer: Literal["letter", "logprobs", "stated"] = "letter"


class AskedProfile(Asked):
    """What a rater's ratings of the fit partition say of the rater's values.

    Attributes:
        seed: of the split.
        rater: name.
    """

    benchmark: Literal["encode_profiles"] = "encode_profiles"
    seed: int
    rater: str


class AskedWhichProfile(Asked):
    """Which of two profiles each of two predicted distributions belongs to.

    Attributes:
        question: its number in the run.
        instance: name.
        profiles: their texts, in the order shown.
        x: K probabilities, shown first.
        y: K probabilities, shown second.
    """

    benchmark: Literal["tell_profiles_apart"] = "tell_profiles_apart"
    question: int
    instance: str
    profiles: Pair
    x: Distribution
    y: Distribution


_ANY: TypeAdapter[Asked] = TypeAdapter(
    Annotated[
        AskedItem
        | AskedStatements
        | AskedRating
        | AskedPreference
        | AskedProfile
        | AskedWhichProfile,
        Field(discriminator="benchmark"),
    ]
)


def read_asked(metadata: Mapping[str, Any] | None) -> Asked | None:
    """The question that a message's metadata holds; None where there is none of ours.

    >>> asked = AskedItem(data="sample", instance="1-1", variant="v1")
    >>> read_asked(asked.as_metadata()) == asked
    True
    >>> read_asked({"benchmark": "mine"}) is None
    True
    """
    try:
        return _ANY.validate_python(dict(metadata or {}))
    except ValidationError:
        return None
