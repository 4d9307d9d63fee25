"""Where the fits of a grid are made: processes of this machine, Ray, or Dask, through joblib."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

import joblib

from ratings.errors import DataMissingError, with_extra

BACKENDS = ("loky", "ray", "dask")
_NEEDED = {"loky": "joblib", "ray": "ray", "dask": "distributed"}


def require_backend(name: str) -> None:
    """Refuse a backend that is not installed.

    Raises:
        DataMissingError: with the line that installs it.
    """
    if find_spec(_NEEDED[name]) is None:
        raise DataMissingError(f"--backend {name} needs {_NEEDED[name]}: {with_extra('grid')}")


@contextmanager
def backend(name: str, jobs: int) -> Iterator[None]:
    """Joblib makes fits there, so many at a time.

    A cluster that runs is used where `RAY_ADDRESS` or `DASK_SCHEDULER_ADDRESS` name it; else
    workers are started on this machine, and stopped at the end.

    Args:
        name: one of `BACKENDS`.
        jobs: how many workers.
    """
    with _OPENED[name](jobs), joblib.parallel_config(backend=name, n_jobs=jobs):
        yield


@contextmanager
def _loky(jobs: int) -> Iterator[None]:
    del jobs
    yield


@contextmanager
def _ray(jobs: int) -> Iterator[None]:
    import ray
    from ray.util.joblib import register_ray

    register_ray()
    there = os.environ.get("RAY_ADDRESS")
    own = {} if there else {"num_cpus": jobs, "include_dashboard": False}
    ray.init(address=there, log_to_driver=False, logging_level="error", **own)
    try:
        yield
    finally:
        ray.shutdown()


@contextmanager
def _dask(jobs: int) -> Iterator[None]:
    import dask
    from distributed import Client, LocalCluster

    there = dask.config.get("scheduler-address", None)
    if there:
        with Client(there):
            yield
        return
    with (
        LocalCluster(n_workers=jobs, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster),
    ):
        yield


_OPENED = {"loky": _loky, "ray": _ray, "dask": _dask}
