"""How strong each thing is that made PRISM data hold."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    """Strengths, in points of the score unless said otherwise; 0 leaves a thing out.

    Attributes:
        quality: half the distance between the best and the worst model.
        groups: how much more a model is worth to the people of a group that differs.
        differing: how many models differ by gender, and as many others by region of birth.
        topics: standard deviation over topics of what a model is worth.
        types: the same over types of conversation.
        attributes: points for each standard deviation of what somebody states to be important,
            times a model's profile.
        taste: standard deviation of a person's own taste for a model.
        loyalty: for the favourite of a person.
        text: multiplies the effects of a reply's text.
        talkative: standard deviation over people of the logarithm of how long the replies to them
            are.
        turn: added for each later turn, up to five.
        noise: standard deviation of what is left.
        retest: standard deviation of a repeated score of the same reply to the same prompt.
        middle: mean of the scores.
        centre: standard deviation over people of where their scores lie.
        spread: standard deviation over people of the logarithm of how far their scores spread.
        coarse: share of people who use multiples of 5 or 10 only.
        ends: chance that a low score becomes 1, and a high one 100.
        unmoved: share of sliders left at 50.
        missing: share of scores that are missing.
        failed: share of first turns in which one or two of the four models failed.
        empty: share of replies that are empty.
        common: share of opening prompts, greetings apart, that many people write alike.
        repeats: share of conversations that begin with the prompt of the person's last one.
        survey_only: share of people without a conversation.
        stated: standard deviations that attributes of a conversation move with what the person
            states, of 20 points each.
    """

    quality: float = 13.0
    groups: float = 7.0
    differing: int = 3
    topics: float = 3.0
    types: float = 2.0
    attributes: float = 1.5
    taste: float = 5.0
    loyalty: float = 10.0
    text: float = 1.0
    talkative: float = 0.5
    turn: float = 1.0
    noise: float = 20.0
    retest: float = 4.0
    middle: float = 65.0
    centre: float = 10.0
    spread: float = 0.25
    coarse: float = 0.25
    ends: float = 0.25
    unmoved: float = 0.04
    missing: float = 0.005
    failed: float = 0.21
    empty: float = 0.002
    common: float = 0.2
    repeats: float = 0.03
    survey_only: float = 0.07
    stated: float = 0.5
