"""What a study of welfare is asked for."""

from dataclasses import dataclass

from scorers.welfare.enough import GRID, WORLDS
from scorers.welfare.matrix import CHOICE, RATING
from scorers.welfare.rules import RULES

POPULATIONS = ("US", "UK")
# What is judged, by the rule that chooses.
MEASURES = {RATING: RULES["max_rating"], CHOICE: RULES["max_choice"]}


@dataclass(frozen=True)
class WelfareSettings:
    """Settings of the study; every draw takes `seed`.

    Attributes:
        populations: names of subsets of the study of preferences, such as `US` or `balanced`.
        margin: how far below the best model a choice may be, in points of the rating; a
            hundredth of it in shares of choices.
        draws: of people by each scheme.
        replicates: of each bootstrap over participants.
        grid: numbers of people that are tried.
        worlds: that fit the data, by which the curve is judged.
        seed: of all draws.
    """

    populations: tuple[str, ...] = POPULATIONS
    margin: float = 5.0
    draws: int = 1_000
    replicates: int = 500
    grid: tuple[int, ...] = GRID
    worlds: int = WORLDS
    seed: int = 0

    def margin_of(self, kind: str) -> float:
        """The margin in units of a welfare matrix."""
        return self.margin if kind == RATING else self.margin / 100
