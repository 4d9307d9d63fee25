"""Where the people come from: the World Values Survey, or simulated people out of the box."""

from collections.abc import Mapping
from functools import lru_cache

from ratings.errors import DataError
from ratings.instruments.indie_value import PROBES, load_catalog
from ratings.survey.generator import generate_survey
from ratings.survey.survey import Survey
from ratings.survey.world_values_survey import load_world_values_survey


def load_survey(data: str = "official", path: str | None = None) -> Survey:
    """The people to predict and to learn from.

    Args:
        data: `official` reads the World Values Survey with the official catalog; `sample`
            simulates 2,000 people on the sample catalog, always the same.
        path: the survey's CSV file; see `ratings.survey.world_values_survey.survey_path` for None.

    Raises:
        DataError: when files are missing, changed or not what they should be, or a path is
            given with the sample, which reads none.
    """
    if data == "sample" and path is not None:
        raise DataError(f"the sample simulates its people and reads no survey; leave {path} out")
    return _sample() if data == "sample" else load_world_values_survey(path, data)


@lru_cache
def sample_people(data: str = "official") -> Mapping[str, str] | None:
    """The person of each sample, `<person>-<probe>`; None for the survey, which is not ours."""
    if data != "sample":
        return None
    return {
        f"{person}-{probe}": str(person) for person in _sample().people.index for probe in PROBES
    }


@lru_cache(maxsize=1)
def _sample() -> Survey:
    return generate_survey(load_catalog("sample"))[0]
