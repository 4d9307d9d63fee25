"""Recorded answers of Value Portrait's source, as tests of the paper's tables take them."""

from functools import lru_cache

from leaderboard.published.recomputed import Cell, recomputed_cells
from ratings.instruments.value_portrait import load_instrument, load_recording, recording_of
from scorers.answers.recorded_responses import recorded_grid
from scorers.scores.responses import ResponseMatrix

# Models whose recordings the tests can reach, as the paper's tables name them.
IN_TABLES_5_AND_6 = (
    "gpt-4o-2024-05-13",
    "o1-mini",
    "claude-3-5-haiku",
    "mistral-medium",
    "mistral-tiny",
    "llama-3.1-8b-instruct",
)
IN_TABLE_7 = ("gemini-2.0-flash-thinking-exp-01-21",)
RECORDED = IN_TABLES_5_AND_6 + IN_TABLE_7


@lru_cache
def grid_of(rater: str, reading: str) -> ResponseMatrix:
    """Every recorded answer of a model, items x variants, tagged as the paper says."""
    recording = load_recording(recording_of(rater))
    return recorded_grid(recording, reading, load_instrument().tagged())


@lru_cache
def cells() -> tuple[Cell, ...]:
    """Every figure of Tables 5 to 7 of the recorded models, with what it comes to."""
    return tuple(recomputed_cells(RECORDED))
