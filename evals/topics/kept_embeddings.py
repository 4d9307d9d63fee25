"""Embeddings of texts kept on disk, so that no model reads a text twice.

A file for each model, in the user's cache folder. It is written whole or not at all.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from ratings.arrays import FloatArray
from ratings.output.atomic_write import written_aside
from ratings.sources.locations import cache_root

Encode = Callable[[Sequence[str]], FloatArray]


def kept_embeddings(texts: Sequence[str], model: str, encode: Encode) -> FloatArray:
    """Rows of different texts, from the disk where they are there.

    Args:
        texts: N, all different.
        model: digest of the model's files, see `model_digest`.
        encode: gives the rows of texts that are not there, which are then added.

    Returns:
        N x D, as precise as the file, which has single precision.
    """
    path = cache_root() / "embeddings" / f"{model}.npz"
    keys, rows = _read(path)
    wanted = [sha256(text.encode("utf-8", "surrogatepass")).digest() for text in texts]
    known = {key.tobytes(): n for n, key in enumerate(keys)}
    new = [n for n, key in enumerate(wanted) if key not in known]
    if new:
        found = encode([texts[n] for n in new]).astype(np.float32).astype(np.float64)
        rows = np.concatenate([rows, found]) if len(rows) else found
        known |= {wanted[n]: len(known) + later for later, n in enumerate(new)}
        packed = np.frombuffer(b"".join(known), dtype=np.uint8).reshape(len(known), -1)
        path.parent.mkdir(parents=True, exist_ok=True)
        with written_aside(path) as aside:
            np.savez(aside, keys=packed, rows=rows.astype(np.float32))
    return rows[[known[key] for key in wanted]]


def model_digest(folder: Path) -> str:
    """Digest of a model's files, by name and content, so that another model is never taken for it.

    Args:
        folder: of the model.
    """
    digest = sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(folder).as_posix().encode())
            with path.open("rb") as file:
                for part in iter(lambda: file.read(1 << 20), b""):
                    digest.update(part)
    return digest.hexdigest()[:32]


def _read(path: Path) -> tuple["np.ndarray[tuple[int, int], np.dtype[np.uint8]]", FloatArray]:
    """Keys and rows of a file; none where it is missing or damaged, which is no loss."""
    try:
        with np.load(path, allow_pickle=False) as found:
            keys, rows = found["keys"], found["rows"].astype(np.float64)
    except (OSError, ValueError, KeyError, BadZipFile):
        return np.zeros((0, 32), dtype=np.uint8), np.zeros((0, 0))
    return keys, rows
