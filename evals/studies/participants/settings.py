"""What a study of participants is asked for."""

from dataclasses import dataclass

from ratings.census.rebalance import TARGET


@dataclass(frozen=True)
class ParticipantSettings:
    """Settings of the study; every draw takes `seed`.

    Attributes:
        target: people that a sample by the census would have.
        top: how many n-grams, adjectives and languages are listed.
        replicates: of each bootstrap over participants.
        seed: of all draws.
    """

    target: int = TARGET
    top: int = 10
    replicates: int = 1_000
    seed: int = 0
