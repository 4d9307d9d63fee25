"""A checkpoint as whoever answers with it needs it: of the right kind, whole, on the device."""

from pathlib import Path
from typing import TYPE_CHECKING

from decoders.extra import require_extra

if TYPE_CHECKING:
    from decoders.language_model.checkpoint import Checkpoint


def load_decoder(folder: Path) -> "Checkpoint":
    """Load a trained decoder, on the GPU where there is one.

    Raises:
        DataMissingError: without the extra; with the line that installs it.
        DataError: when there is no checkpoint, it is cut, or was trained with other wording.
    """
    require_extra()
    from transformers.utils.logging import disable_progress_bar

    from decoders.language_model.checkpoint import load_checkpoint

    disable_progress_bar()  # its lines would come between a caller's own
    return load_checkpoint(folder)
