"""The state of a training, saved so that one that is stopped at any moment can be resumed."""

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accelerate import Accelerator

_LOSSES = "losses.json"


class TrainingState:
    """States of one training below a folder; the last whole one counts."""

    def __init__(self, folder: Path, every: int) -> None:
        """Keep states in a folder.

        Args:
            folder: made when the first one is saved.
            every: how many steps lie between two of them.
        """
        self._folder, self._every = folder, every

    def part(self, name: str) -> "TrainingState":
        """States of one of several trainings, in a folder below."""
        return TrainingState(self._folder / name, self._every)

    def save(self, accelerator: "Accelerator", losses: list[float], last: bool) -> None:
        """Save the state of the training, if it is time to.

        The state is written aside and renamed, then the one before is removed: whenever the
        process is stopped, one is whole.

        Args:
            accelerator: holds model, optimizer and schedule.
            losses: of all steps so far.
            last: whether this was the last step.
        """
        if len(losses) % self._every and not last:
            return
        whole = self._folder / f"step-{len(losses)}"
        aside = self._folder / f".step-{len(losses)}"
        if accelerator.is_main_process:
            shutil.rmtree(aside, ignore_errors=True)
        accelerator.wait_for_everyone()
        accelerator.save_state(str(aside), safe_serialization=True)
        accelerator.wait_for_everyone()
        if accelerator.is_main_process:
            (aside / _LOSSES).write_text(json.dumps(losses), encoding="utf-8")
            if not whole.exists():
                aside.rename(whole)
            for older in self._folder.glob("step-*"):
                if older != whole:
                    # out of sight first, so that half a state never looks like one
                    gone = older.rename(older.with_name(f".gone-{older.name}"))
                    shutil.rmtree(gone, ignore_errors=True)
        accelerator.wait_for_everyone()

    def restore(self, accelerator: "Accelerator") -> list[float]:
        """Losses of the steps that were made before; none when the training is new."""
        found = sorted(self._folder.glob("step-*"), key=lambda one: int(one.name[5:]))
        if not found:
            return []
        accelerator.load_state(str(found[-1]))
        losses: list[float] = json.loads((found[-1] / _LOSSES).read_text(encoding="utf-8"))
        return losses

    def clear(self) -> None:
        """Remove all states: the training is done."""
        shutil.rmtree(self._folder, ignore_errors=True)
