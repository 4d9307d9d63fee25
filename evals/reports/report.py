"""The report of a run, chosen by its benchmark."""

from collections.abc import Mapping
from pathlib import Path

from evals.reports.indie_value import IndieValueReport
from evals.reports.plain import Report
from evals.reports.value_portrait import PortraitReport
from evals.reports.value_profiles import ProfilesReport
from scorers.inspect_adapter.run_log import RunLog, read_run

# Benchmarks whose report says more than the plain one.
EXTRAS: Mapping[str, type[Report]] = {
    "value_portrait": PortraitReport,
    "indie_value": IndieValueReport,
    "encode_profiles": ProfilesReport,
    "decode_ratings": ProfilesReport,
    "tell_profiles_apart": ProfilesReport,
}


def report_of(run: RunLog, family: str | None = None) -> Report:
    """The report of a run.

    Args:
        run: of any benchmark.
        family: name of a family to fit, for comparison with a run of `decode_ratings`.
    """
    return EXTRAS.get(run.task, Report)(run, family)


def read_report(path: str | Path) -> Report:
    """Read the log of a run of any benchmark, an `.eval` or `.json` file, and report on it.

    Raises:
        DataMissingError: when there is no log at the path.
        DataError: when it is not a log of a benchmark.
    """
    return report_of(read_run(Path(path)))
