"""What language models need beyond the base install."""

from importlib.util import find_spec

from ratings.errors import DataMissingError, with_extra

NEEDED = ("torch", "transformers", "peft", "accelerate", "safetensors")


def require_extra() -> None:
    """Refuse to continue without the extra.

    Raises:
        DataMissingError: with the line that installs it.
    """
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise DataMissingError(
            f"language-model decoders need {', '.join(missing)}: {with_extra('decoders')}"
        )
