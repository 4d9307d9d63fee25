"""What Inspect finds through the entry point: tasks, baselines as solvers, and model providers.

Tasks and baselines are those of every folder here that has a manifest.

Inspect resolves the model before it loads a task by path, so providers can only come from here.
"""

from collections.abc import Callable
from functools import wraps
from importlib import import_module
from typing import Any

from inspect_ai import task
from inspect_ai._util.registry import RegistryInfo, is_registry_object, registry_add
from inspect_ai.model import ModelAPI, modelapi
from inspect_ai.solver import solver
from inspect_ai.util import registry_info

from benchmarks._text_files import texts_from_files
from scorers.inspect_adapter import choices, decoded, manifest_scores, portrait, profile_answers
from scorers.inspect_adapter.instrument_texts import judged, written
from scorers.scores.manifests import manifests, named_object, task_modules

_PACKAGE = "benchmarks/"


@modelapi(name="replay")
def replay() -> type[ModelAPI]:
    """Recorded answers, of the source's models or of an earlier log."""
    from providers.replay import ReplayAPI

    return ReplayAPI


@modelapi(name="respondent")
def respondent() -> type[ModelAPI]:
    """Simulated raters with a known profile."""
    from providers.respondents.respondent import RespondentAPI

    return RespondentAPI


@modelapi(name="humans")
def humans() -> type[ModelAPI]:
    """What people chose, one person a call."""
    from providers.humans import HumansAPI

    return HumansAPI


@modelapi(name="litellm")
def litellm() -> type[ModelAPI]:
    """Any model that litellm reaches; litellm itself is imported with the first model."""
    from providers.litellm.models import LitellmAPI

    return LitellmAPI


@modelapi(name="family")
def family() -> type[ModelAPI]:
    """Predictive families fitted on this machine."""
    from providers.families import FamilyAPI

    return FamilyAPI


@modelapi(name="decoder")
def decoder() -> type[ModelAPI]:
    """Trained language-model decoders; torch is an extra, imported with the first checkpoint."""
    from providers.decoders import DecoderAPI

    return DecoderAPI


# From a wheel a registry name starts with its package. In an editable install, whose distribution
# has another name than the package, Inspect leaves the package out: name it here, so that
# `inspect eval benchmarks/value_portrait` works from any folder either way.
def _name_with_package(found: object, register: Callable[..., Any]) -> None:
    name = registry_info(found).name
    if not name.startswith(_PACKAGE):
        register(name=_PACKAGE + name)(found)


def _task(name: str) -> Callable[..., Any]:
    return lambda found: texts_from_files(task(name=name)(found))


# A log names scorers and metrics with their package or without it, as the environment had it that
# the log was made in. Under both names `inspect score LOG` finds them wherever it runs.
def _name_both_ways(found: Callable[..., Any], package: str) -> None:
    info = registry_info(found)
    bare = info.name.rsplit("/", 1)[-1]
    for name in {bare, f"{package}/{bare}"} - {info.name}:

        @wraps(found)
        def same(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - whatever it takes and gives
            return found(*args, **kwargs)

        registry_add(same, RegistryInfo(type=info.type, name=name, metadata=info.metadata))


TASKS: dict[str, Callable[..., Any]] = {}


def register_all() -> None:
    """Register the task, the baselines and the scorers of each benchmark."""
    modules = {name: import_module(module) for name, module in task_modules().items()}
    TASKS.clear()
    TASKS.update({name: getattr(module, name) for name, module in modules.items()})
    for found in TASKS.values():
        _name_with_package(found, _task)
    for manifest in manifests().values():
        for path in manifest.solvers.values():
            _name_with_package(named_object(path), solver)
    scoring = (portrait, choices, decoded, profile_answers, judged, written, manifest_scores)
    for module in (*modules.values(), *scoring):
        for found in vars(module).copy().values():
            if is_registry_object(found) and registry_info(found).type in ("scorer", "metric"):
                _name_both_ways(found, module.__name__.partition(".")[0])


register_all()
