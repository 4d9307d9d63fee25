"""What a study of agreement is asked for."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AgreementSettings:
    """Settings of the study.

    Attributes:
        margin: the largest difference of a score that does not matter; the manifest's where None.
        seed: of all draws.
    """

    margin: float | None = None
    seed: int = 0
