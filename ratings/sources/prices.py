"""What a token costs, from litellm's published price table, and how Inspect's names read there."""

import json
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeGuard

from ratings.errors import DataError, DataMissingError
from ratings.sources.cards import load_card
from ratings.sources.fetch import fetch

CARD = "litellm_prices"
_TABLE = "model_prices_and_context_window.json"
# Inspect's provider, and in front of what the table has its models; "" is the bare name, which
# counts only where the table says that it is of one of the named owners.
_PREFIXES: Mapping[str, tuple[str, ...]] = {
    "openai": ("", "openai/"),
    "anthropic": ("", "anthropic/"),
    "google": ("gemini/",),
    "azureai": ("azure_ai/", "azure/"),
    "bedrock": ("", "bedrock/"),
    "grok": ("xai/",),
    "together": ("together_ai/",),
    "fireworks": ("fireworks_ai/", "fireworks_ai/accounts/fireworks/models/"),
    "meta": ("meta_llama/",),
    "hf-inference-providers": ("huggingface/",),
}
_OWNERS: Mapping[str, tuple[str, ...]] = {
    "openai": ("openai", "text-completion-openai"),
    "anthropic": ("anthropic",),
    "bedrock": ("bedrock", "bedrock_converse"),
    "vertex": ("vertex_ai", "vertex_ai-language-models", "vertex_ai-anthropic_models"),
}
# A second name after the provider, where Inspect has one: the same models at another service.
_SERVICES: Mapping[tuple[str, str], tuple[str, tuple[str, ...]]] = {
    ("openai", "azure"): ("azure", ("azure/",)),
    ("anthropic", "bedrock"): ("bedrock", ("", "bedrock/")),
    ("anthropic", "vertex"): ("vertex", ("vertex_ai/", "")),
    ("google", "vertex"): ("vertex", ("vertex_ai/", "")),
    ("mistral", "azure"): ("azure", ("azure_ai/",)),
}


@dataclass(frozen=True)
class Price:
    """What a token costs, in US dollars, at the table's standard rate.

    Attributes:
        key: the table's name of the model.
    """

    key: str
    input: float
    output: float


Prices = Mapping[str, Any]


def load_prices() -> Prices:
    """The price table of the data card, downloaded where it is not at hand.

    Raises:
        DataError: when it is not at hand and cannot be downloaded, or has changed.
    """
    (path,) = fetch(load_card(CARD)).values()
    return read_prices(path)


def read_prices(path: Path) -> Prices:
    """A price table in litellm's format: a JSON file, or the source archive that holds it.

    Raises:
        DataMissingError: when there is no file.
        DataError: when it is not such a table.
    """
    if not path.is_file():
        raise DataMissingError(f"there is no price table at {path}")
    try:
        found = json.loads(_text(path))
    except (ValueError, tarfile.TarError, EOFError) as error:
        raise DataError(f"{path} is not a price table in litellm's format: {error}") from error
    if not isinstance(found, dict) or not any(_tokens(entry) for entry in found.values()):
        raise DataError(f"{path} is not a price table in litellm's format: it prices no token")
    return found


def price_of(model: str, prices: Prices) -> Price | None:
    """What a model costs a token; None where the table has no price for it.

    A price of 0 for input and output counts as none: the table has it where it knows nothing.

    Args:
        model: as Inspect names it.
        prices: the table.

    >>> table = {"gpt-4o": {"litellm_provider": "openai",
    ...                     "input_cost_per_token": 2e-6, "output_cost_per_token": 1e-5}}
    >>> price_of("openai/gpt-4o", table).key
    'gpt-4o'
    >>> price_of("openrouter/openai/gpt-4o", table) is None
    True
    """
    for key, owners in _candidates(model):
        entry = prices.get(key)
        if not _tokens(entry) or (owners and entry.get("litellm_provider") not in owners):
            continue  # no such name, no price a token, or the same name at another service
        given, taken = entry["input_cost_per_token"], entry["output_cost_per_token"]
        if given or taken:
            return Price(key, float(given), float(taken))
    return None


def _candidates(model: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Names that the table may have for a model, and whose they must be; none for anybody's."""
    provider, _, rest = model.partition("/")
    if provider in ("litellm", "litellm-proxy"):
        # The name of litellm itself, or of one's own proxy, which has often the same.
        yield rest, ()
        if rest.partition("/")[2]:
            yield from _candidates(rest)
        return
    if provider == "openai-api":  # openai-api/<provider>/<model>
        yield rest, ()
        return
    service, _, name = rest.partition("/")
    owner, prefixes = _SERVICES.get(
        (provider, service), (provider, _PREFIXES.get(provider, (f"{provider}/",)))
    )
    name = name if (provider, service) in _SERVICES else rest
    for prefix in prefixes:
        yield prefix + name, () if prefix else _OWNERS.get(owner, (owner,))


def _tokens(entry: Any) -> TypeGuard[dict[str, Any]]:  # noqa: ANN401 - as JSON has it
    """Whether an entry of the table prices tokens both ways."""
    return isinstance(entry, dict) and all(
        isinstance(entry.get(name), int | float) and entry[name] >= 0
        for name in ("input_cost_per_token", "output_cost_per_token")
    )


def _text(path: Path) -> bytes:
    if not tarfile.is_tarfile(path):
        return path.read_bytes()
    with tarfile.open(path) as archive:
        for member in archive:
            if member.name.count("/") == 1 and member.name.endswith(f"/{_TABLE}"):
                stream = archive.extractfile(member)
                if stream is not None:
                    return stream.read()
    raise DataError(f"{path} holds no {_TABLE}")
