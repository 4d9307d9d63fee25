"""Answers that a limit on tokens took away, and what to do about them."""

from collections.abc import Mapping

# A share of the answers that is worth a word.
NOTABLE = 0.01
MISSING = frozenset({"truncated", "empty"})
ADVICE = (
    "raise --max-tokens (max_tokens in a suite), as models that reason need thousands, "
    "or lower --reasoning-effort"
)


def missing_advice(counts: Mapping[str, float]) -> str | None:
    """What to say of a run in which more than 1% of the answers are cut off or empty.

    Args:
        counts: answers by status, as numbers or as shares; `truncated` and `empty` count.

    Returns:
        A line with both shares and the option to raise; None where they are too few, or where
        nothing was asked.

    >>> missing_advice({"valid": 99, "empty": 1}) is None
    True
    >>> missing_advice({"valid": 0.5, "truncated": 0.25, "empty": 0.25}).partition(":")[0]
    '50.0% of the answers are missing (25.0% truncated by the limit on tokens, 25.0% empty)'
    """
    total = sum(counts.values())
    truncated, empty = counts.get("truncated", 0), counts.get("empty", 0)
    if not total > 0 or not (truncated + empty) / total > NOTABLE:
        return None
    shares = [
        f"{100 * count / total:.1f}% {what}"
        for count, what in ((truncated, "truncated by the limit on tokens"), (empty, "empty"))
        if count
    ]
    lost = 100 * (truncated + empty) / total
    return f"{lost:.1f}% of the answers are missing ({', '.join(shares)}): {ADVICE}"
