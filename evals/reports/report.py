"""The report of a run, chosen by its benchmark."""

from collections.abc import Mapping
from pathlib import Path

from evals.reports.indie_value import IndieValueReport
from evals.reports.plain import Report
from evals.reports.value_portrait import PortraitReport
from evals.reports.value_profiles import ProfilesReport
from ratings.errors import unknown_name
from scorers.inspect_adapter.run_log import RunLog, read_run

# Reports that say more than the plain one, by the names that manifests give.
REPORTS: Mapping[str | None, type[Report]] = {
    None: Report,
    "value_portrait": PortraitReport,
    "indie_value": IndieValueReport,
    "value_profiles": ProfilesReport,
}


def report_of(run: RunLog, family: str | None = None) -> Report:
    """The report of a run.

    Args:
        run: of any benchmark.
        family: name of a family to fit, for comparison with a run of `decode_ratings`.

    Raises:
        UnknownNameError: when the benchmark's manifest names a report that does not exist.
    """
    name = run.manifest.report
    if name not in REPORTS:
        allowed = [one for one in REPORTS if one is not None]
        raise unknown_name(f"report in the manifest of {run.task}:", name, allowed)
    return REPORTS[name](run, family)


def read_report(path: str | Path) -> Report:
    """Read the log of a run of any benchmark, an `.eval` or `.json` file, and report on it.

    Raises:
        DataMissingError: when there is no log at the path.
        DataError: when it is not a log of a benchmark.
    """
    return report_of(read_run(Path(path)))
