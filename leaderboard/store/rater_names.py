"""The name of a rater on a board: the model and whatever makes another rater of it.

A name travels with every table, so it says of the arguments of a model only those that are known to
be harmless. All others are shown as one short hash, by which two raters can be distinguished, and
whatever looks like a credential makes no other rater and is not shown at all.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from ratings.instruments.indie_value import DIMENSIONS
from scorers.inspect_adapter.run_log import RunLog, baseline_arguments
from scorers.scores.manifests import baseline_names

# Settings of a call that make another rater of a model.
_GENERATION = ("temperature", "top_p", "top_k", "seed", "effort", "reasoning_effort",
               "reasoning_tokens", "verbosity", "max_tokens", "system_message")  # fmt: skip
# Arguments of a model that are shown: numbers, and words of no more than 24 letters.
HARMLESS_NUMBERS = ("temperature", "top_p", "top_k", "min_p", "seed", "max_tokens",
                    "reasoning_tokens", "max_model_len", "load_in_4bit", "load_in_8bit",
                    "enable_thinking", "k")  # fmt: skip
HARMLESS_WORDS = ("effort", "reasoning_effort", "verbosity", "quantization", "dtype",
                  "torch_dtype", "kv_cache_dtype", "questions")  # fmt: skip
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,23}")
_CREDENTIAL = re.compile(
    r"key|token$|secret|passw|passphrase|auth|bearer|header|credential|cookie|(?:^|[_-])pat(?:$|[_-])",
    re.IGNORECASE,
)
# What stands for a secret in a text: a name of one with its value, a scheme of HTTP, a user of an
# address, a query, and any run of letters and digits that is too long and mixed for a word.
_SECRETS = (
    re.compile(r"(?i)\b(?:bearer|basic)\s+\S+"),
    re.compile(
        r"(?i)\b[\w-]*(?:key|token|secret|passw\w*|auth\w*|bearer|credential\w*|cookie|pat)"
        r"[\"']?\s{0,3}(?:[:=]|is)\s{0,3}[\"']?[^\s\"',;)}\]]+"
    ),
    re.compile(r"(?<=://)[^\s/@]+@"),
    re.compile(r"(?<=\?)[^\s\"')]+"),
    re.compile(r"\b[A-Z][A-Z0-9_]{2,}=\S+"),
    re.compile(r"(?=[\w+/=.-]*\d)(?=[\w+/=.-]*[A-Za-z])[\w+/=-]{16,}(?:\.[\w+/=-]+)*"),
    re.compile(r"\b(?:sk|pk|hf|ghp|gho|github_pat|glpat|xox[a-z]|AKIA)[-_]?[A-Za-z0-9_*-]{3,}"),
)
_PROVIDERS_OF_FOLDERS = ("decoder",)
_MOST_FOLDERS = 4
# Letters of a text in a name, such as a persona; the whole text has a column of its own.
_LONGEST_TEXT = 80


def rater_name(run: RunLog, of_rater: Mapping[str, Any]) -> str:
    """The name of a run's rater.

    Args:
        run: checked.
        of_rater: arguments of the task that make another rater of a model, such as a persona.
    """
    header = run.header.eval
    config = header.model_generate_config.model_dump(exclude_none=True)
    about = {**of_rater, **{name: config[name] for name in _GENERATION if name in config}}
    given = {
        "extra_body": config.get("extra_body"),
        "base_url": _without_credentials(header.model_base_url),
    }
    given |= {name: _without_credentials(value) for name, value in header.model_args.items()}
    details = [
        *(f"{name}={_short(value)}" for name, value in _sent(about, run)),
        *_arguments(given),
    ]
    solver = (header.solver or "").rsplit("/", 1)[-1]
    if solver and solver not in baseline_names():
        details += [f"solver={solver}", *_arguments(header.solver_args or {})]
    details += [f"{name} not sent" for name in _not_sent(run)]
    model = shown_model(run)
    return f"{model} ({', '.join(details)})" if details else model


def _short(value: Any) -> Any:  # noqa: ANN401
    """A text as one line of a table; one that is cut or folded is followed by a hash."""
    if not isinstance(value, str):
        return value
    line = " ".join(value.split())
    if line == value and len(line) <= _LONGEST_TEXT:
        return value
    cut = line if len(line) <= _LONGEST_TEXT else f"{line[:_LONGEST_TEXT].rstrip()}..."
    return f"{cut} #{_hash(value)}"


def shown_model(run: RunLog) -> str:
    """Who answered, without the folders of this machine and without unknown arguments."""
    header = run.header.eval
    solver = (header.solver or "").rsplit("/", 1)[-1]
    if solver in baseline_names():
        given = baseline_arguments(header.solver_args)
        dimension = given.pop("dimension", None)
        if dimension in DIMENSIONS:
            return f"baseline {solver} (dimension={dimension})"
        details = ", ".join(_arguments(given))
        return f"baseline {solver} ({details})" if details else f"baseline {solver}"
    folders = folders_of(header.model)
    return f"{folders[0]}/{folders[1][-1]}" if folders else header.model


def folders_of(model: str) -> tuple[str, list[str]] | None:
    r"""The provider and the folders of a model that is one of this machine; None for any other.

    >>> folders_of("vllm//runs/llama-sft/checkpoint-500/")
    ('vllm', ['runs', 'llama-sft', 'checkpoint-500'])
    >>> folders_of("hf/C:\\models\\gemma")
    ('hf', ['models', 'gemma'])
    >>> folders_of("vllm/meta-llama/Llama-3.1-8B")
    """
    provider, _, name = model.partition("/")
    is_path = re.match(r"/|~|\.{1,2}(?:[\\/]|$)|[A-Za-z]:[\\/]|\\\\|file:", name)
    if not is_path and provider not in _PROVIDERS_OF_FOLDERS:
        return None
    parts: list[str] = []
    for part in re.split(r"[\\/]+", re.sub(r"^(?:file:|[A-Za-z]:)", "", name)):
        if part == ".." and parts:
            parts.pop()
        elif part not in ("", ".", "..", "~"):
            parts.append(part)
    return (provider, parts) if parts else None


def model_folder(run: RunLog) -> dict[str, str | None]:
    """Which folder a model is, by a hash, and the end of its path, without anybody's home."""
    folders = folders_of(run.header.eval.model)
    if folders is None or run.model.startswith("baseline "):
        return {"folder": None, "tail": None}
    provider, parts = folders
    shown = parts[2:] if parts[0] in ("home", "Users") and len(parts) > 2 else parts
    shown = shown[1:] if parts[0] == "root" and len(parts) > 1 else shown
    return {"folder": _hash([provider, parts]), "tail": "/".join(shown[-_MOST_FOLDERS:])}


def tell_folders_apart(rows: list[dict[str, Any]]) -> None:
    """Give the raters of two folders of one name the shortest ends of paths that differ.

    `vllm/checkpoint-500` becomes `vllm/.../llama-sft/checkpoint-500`. Where even the ends that are
    known are the same, the hash of the folder is shown.

    Args:
        rows: of the store's table `runs`; their `rater` and `model` are changed.
    """
    tails: dict[str, dict[str, str]] = {}
    for row in rows:
        if row["folder"] is not None:
            tails.setdefault(row["model"], {})[row["folder"]] = row["tail"]
    for row in rows:
        model = row["model"]
        if row["folder"] is not None and len(tails[model]) > 1:
            row["model"] = _longer(model, row["folder"], tails[model])
            row["rater"] = row["model"] + row["rater"].removeprefix(model)


def _longer(model: str, folder: str, tails: Mapping[str, str]) -> str:
    provider, _, last = model.partition("/")
    for count in range(2, _MOST_FOLDERS + 1):
        ends = {one: "/".join(tail.split("/")[-count:]) for one, tail in tails.items()}
        if Counter(ends.values())[ends[folder]] == 1:
            return f"{provider}/.../{ends[folder]}"
    return f"{provider}/.../{last}#{folder}"


def without_secrets(text: str, run: RunLog) -> str:
    """A message with a dash for whatever could be a credential: it is kept, and shown to others."""
    header = run.header.eval
    values = [
        header.model_base_url,
        *_leaves(header.model_args),
        *_leaves(header.solver_args or {}),
    ]
    for value in sorted({str(value) for value in values if len(str(value)) > 3}, key=len)[::-1]:
        text = text.replace(value, "-")
    for pattern in _SECRETS:
        text = pattern.sub("-", text)
    return text


def _arguments(given: Mapping[str, Any]) -> list[str]:
    """Harmless arguments by name and value, the others that may matter by one hash."""
    details, others = [], {}
    for name, value in given.items():
        if value is None or _CREDENTIAL.search(str(name)):
            continue
        number = isinstance(value, int | float) and name in HARMLESS_NUMBERS
        word = isinstance(value, str) and name in HARMLESS_WORDS and _WORD.fullmatch(value)
        if number or word:
            details.append(f"{name}={value}")
        else:
            others[str(name)] = value
    return [*details, *([f"other arguments #{_hash(others)}"] if others else [])]


def _sent(about: Mapping[str, Any], run: RunLog) -> list[tuple[str, Any]]:
    missing = _not_sent(run)
    return [(name, value) for name, value in about.items() if name not in missing]


def _not_sent(run: RunLog) -> list[str]:
    """Settings that the provider did not take, in any answer, as the scorers noted."""
    found: set[str] = set()
    for score in run.scores:
        noted = (score.score.metadata or {}).get("not_sent")
        if isinstance(noted, list):
            found.update(map(str, noted))
    return [name for name in _GENERATION if name in found]


def _without_credentials(value: Any) -> Any:  # noqa: ANN401
    """An address without the user and the query, which are credentials; anything else as it is."""
    if not isinstance(value, str) or "://" not in value:
        return value
    try:
        parts = urlsplit(value)
        return f"{parts.scheme}://{parts.hostname}:{parts.port}{parts.path}"
    except ValueError:
        return value


def _leaves(found: Any) -> list[Any]:  # noqa: ANN401
    if isinstance(found, Mapping):
        return [leaf for inner in found.values() for leaf in _leaves(inner)]
    if isinstance(found, list | tuple):
        return [leaf for inner in found for leaf in _leaves(inner)]
    return [found] if isinstance(found, str) else []


def _hash(found: object) -> str:
    text = json.dumps(found, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:8]
