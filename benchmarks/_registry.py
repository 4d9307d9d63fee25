"""What Inspect finds through the entry point: the tasks and the model providers.

Inspect resolves the model before it loads a task by path, so providers can only come from here.
"""

from inspect_ai import task
from inspect_ai.model import ModelAPI, modelapi
from inspect_ai.util import registry_info

from benchmarks.value_portrait.task import value_portrait

_PACKAGE = "benchmarks/"


@modelapi(name="replay")
def replay() -> type[ModelAPI]:
    """Recorded answers, of the source's models or of an earlier log."""
    from providers.replay import ReplayAPI

    return ReplayAPI


@modelapi(name="respondent")
def respondent() -> type[ModelAPI]:
    """Simulated raters with a known profile."""
    from providers.respondent import RespondentAPI

    return RespondentAPI


# From a wheel a task's registry name starts with its package. In an editable install, whose
# distribution has another name than the package, Inspect leaves the package out: name it here,
# so that `inspect eval benchmarks/value_portrait` works from any folder either way.
for _task in (value_portrait,):
    _name = registry_info(_task).name
    if not _name.startswith(_PACKAGE):
        task(name=_PACKAGE + _name)(_task)
