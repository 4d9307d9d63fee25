"""What is known of models: maker, release, size, whether the weights are open.

`models.csv` in this package has a line for each model. `names` are the exact names by which logs
and papers call it, without the provider and with ` | ` between; `released` is the day or the month
of the release as its maker announced it; `size` the parameters in billions as its maker published
them; `open_weights` is `yes` or `no`; `source` is the address, or the addresses with ` | ` between,
at which these are published. A fact that is not known is empty; so is one that differs among the
models that a name has moved through.
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from functools import lru_cache
from importlib import resources
from typing import Any

from ratings.errors import DataError

COLUMNS = ("names", "maker", "released", "size", "open_weights", "source")
# What precedes a model's name in a log: a provider, or the owner of a repository that holds
# its maker's own models.
_PROVIDERS = (
    "replay", "openai", "anthropic", "google", "mistral", "grok", "openrouter", "together", "groq",
    "azureai", "openai-api", "ollama", "fireworks", "perplexity", "bedrock", "vertex",
)  # fmt: skip
_OWNERS = (
    "meta-llama", "qwen", "mistralai", "deepseek-ai", "deepseek", "google", "x-ai", "openai",
    "anthropic", "microsoft", "allenai", "cohere", "cohereforai",
)  # fmt: skip
# These run weights from a folder or a repository, so a name without an owner is a folder's.
_OF_WEIGHTS = ("hf", "vllm", "sglang", "transformers", "nnterp", "transformer_lens")


@dataclass(frozen=True)
class ModelFacts:
    """What is known of a model; None where it is not known.

    Attributes:
        maker: who trained it.
        released: day or month, `YYYY-MM-DD` or `YYYY-MM`.
        size: parameters in billions.
        open_weights: whether anybody may download it.
        source: the addresses at which these are published, with ` | ` between.
    """

    maker: str | None
    released: str | None
    size: float | None
    open_weights: bool | None
    source: str


def about_model(model: str) -> dict[str, Any]:
    """The facts of a model as a board has them, all None for a model without a line.

    Args:
        model: as a log names it, with its provider.

    >>> about_model("openai/gpt-4o-2024-05-13")["released"]
    '2024-05-13'
    """
    found = model_facts().get(bare_name(model)) or ModelFacts(None, None, None, None, "")
    return {name: value for name, value in asdict(found).items() if name != "source"}


def bare_name(model: str) -> str:
    """The name of a model without provider and owner; the rest is kept exactly.

    >>> bare_name("openrouter/meta-llama/llama-3.1-8b-instruct"), bare_name("replay/o1-mini")
    ('llama-3.1-8b-instruct', 'o1-mini')

    A fine-tuned model in somebody's folder or repository is not the model of that name:

    >>> bare_name("hf/somebody/Qwen2.5-7B-Instruct"), bare_name("vllm/Qwen2.5-7B-Instruct")
    ('somebody/Qwen2.5-7B-Instruct', 'vllm/Qwen2.5-7B-Instruct')
    """
    provider, _, rest = model.partition("/")
    if provider in _OF_WEIGHTS:
        if "/" not in rest:
            return model
        model = rest
    while "/" in model:
        first, _, rest = model.partition("/")
        if first.lower() not in _PROVIDERS + _OWNERS:
            break
        model = rest
    return model


@lru_cache(maxsize=1)
def model_facts() -> Mapping[str, ModelFacts]:
    """Facts by each name of a model; models of one line share one object."""
    path = resources.files("leaderboard.models") / "models.csv"
    return read_facts(path.read_text(encoding="utf-8"), "models.csv")


def read_facts(text: str, origin: str) -> dict[str, ModelFacts]:
    """Facts by each name, from the text of a CSV file.

    Args:
        text: with the columns `COLUMNS`.
        origin: where the text comes from, for messages.

    Raises:
        DataError: names the line and what is wrong with it.
    """
    rows = csv.DictReader(text.splitlines(), strict=True)
    if tuple(rows.fieldnames or ()) != COLUMNS:
        raise DataError(f"{origin}: the columns must be {', '.join(COLUMNS)}")
    out: dict[str, ModelFacts] = {}
    for row in rows:
        try:
            if None in row or None in row.values():
                raise ValueError(f"it must have {len(COLUMNS)} fields")
            facts = _facts(row)
            names = [name.strip() for name in row["names"].split("|")]
            for name in names:
                if not name:
                    raise ValueError("a name is empty")
                if name in out:
                    raise ValueError(f"{name!r} is listed twice")
                out[name] = facts
        except ValueError as error:
            raise DataError(f"{origin}, line {rows.line_num}: {error}") from None
    return out


def _facts(row: Mapping[str, str]) -> ModelFacts:
    if row["open_weights"] not in ("yes", "no", ""):
        raise ValueError(f"open_weights must be yes, no or empty, found {row['open_weights']!r}")
    released = row["released"]
    if released and not _is_day_or_month(released):
        raise ValueError(f"released must be YYYY-MM-DD or YYYY-MM, found {released!r}")
    if row["size"] and not re.fullmatch(r"\d+(\.\d+)?", row["size"]):
        raise ValueError(f"size must be a number of billions, found {row['size']!r}")
    if not row["source"].strip():
        raise ValueError("it names no source")
    return ModelFacts(
        maker=row["maker"] or None,
        released=released or None,
        size=float(row["size"]) if row["size"] else None,
        open_weights={"yes": True, "no": False, "": None}[row["open_weights"]],
        source=row["source"],
    )


def _is_day_or_month(text: str) -> bool:
    try:
        date.fromisoformat(text if len(text) == len("2024-05-13") else f"{text}-01")
    except ValueError:
        return False
    return bool(re.fullmatch(r"\d{4}-\d\d(-\d\d)?", text))
