"""What the hub's libraries raise, in one line each."""

from typing import Any

import httpx
import pytest
from datasets.exceptions import DatasetNotFoundError
from datasets.utils.logging import is_progress_bar_enabled
from huggingface_hub import errors

from ratings.errors import DataMissingError
from ratings.sources.hub import hub_errors, hub_file, quiet

GATED = (
    "ann/tea is given only to people who accept its conditions: accept them at "
    "https://huggingface.co/datasets/ann/tea, log in with `hf auth login`, and try again"
)
CLOSED = "ann/tea at v1 is not in the hub's cache, and the hub cannot be reached"


def answered(kind: Any, status: int) -> Exception:
    request = httpx.Request("GET", "https://huggingface.co/api/datasets/ann/tea")
    return kind("no\nno", response=httpx.Response(status, request=request))


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (answered(errors.GatedRepoError, 403), GATED),
        (answered(errors.HfHubHTTPError, 401), GATED),
        (DatasetNotFoundError("'ann/tea' is a gated dataset on the Hub."), GATED),
        (DatasetNotFoundError("Dataset\nnot there"), "Dataset not there"),
        (answered(errors.RevisionNotFoundError, 404), "ann/tea has no revision 'v1' on the hub"),
        (
            answered(errors.RepositoryNotFoundError, 401),
            "the hub has no data set ann/tea, or it is private: then log in with `hf auth login`",
        ),
        (
            answered(errors.RemoteEntryNotFoundError, 404),
            "ann/tea at v1 has no such file on the hub",
        ),
        (answered(errors.HfHubHTTPError, 503), "the hub answered 503 for ann/tea at v1"),
        (errors.LocalEntryNotFoundError("offline"), CLOSED),
        (errors.OfflineModeIsEnabled("offline"), CLOSED),
        (ConnectionError("no route"), CLOSED),
        (httpx.ConnectError("no route"), CLOSED),
        (httpx.ReadTimeout("slow"), CLOSED),
    ],
)
def test_each_error_is_one_line_that_says_what_to_do(error: Exception, line: str):
    with pytest.raises(DataMissingError) as caught, hub_errors("ann/tea", "v1"):
        raise error
    assert str(caught.value) == line


def test_a_mistake_of_ours_is_not_called_the_hubs():
    with pytest.raises(ZeroDivisionError), hub_errors("ann/tea"):
        _ = 1 / 0


def test_a_file_comes_from_its_revision(monkeypatch: pytest.MonkeyPatch):
    def download(dataset: str, path: str, repo_type: str, revision: str) -> str:
        return f"/{dataset}/{repo_type}/{revision}/{path}"

    monkeypatch.setattr("huggingface_hub.hf_hub_download", download)
    assert str(hub_file("ann/tea", "a.csv", "v1")) == "/ann/tea/dataset/v1/a.csv"


def test_progress_bars_are_on_again_afterwards():
    assert is_progress_bar_enabled()
    with quiet():
        assert not is_progress_bar_enabled()
    assert is_progress_bar_enabled()
