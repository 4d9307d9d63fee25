"""What all studies of PRISM refuse, before any work is done."""

from pathlib import Path

import pytest

from evals.cli.main import main

STUDIES = ("preferences", "topics", "welfare", "participants")


def typed(capsys, *arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command."""
    with pytest.raises(SystemExit) as caught:
        main(["study", *arguments])
    printed = capsys.readouterr()
    return int(caught.value.code or 0), printed.out, printed.err


@pytest.fixture(autouse=True)
def unread(monkeypatch: pytest.MonkeyPatch):
    """Data that must not be read."""

    def read(*_: object, **__: object) -> None:
        raise AssertionError("the data were read")

    monkeypatch.setattr("ratings.prism.prism.load_prism", read)
    monkeypatch.setattr("evals.studies.participants.study.load_prism", read)


@pytest.mark.parametrize("study", STUDIES)
def test_a_folder_that_is_a_file_is_refused_before_data_are_read(
    study: str, capsys, tmp_path: Path
):
    taken = tmp_path / "taken"
    taken.write_text("")
    code, out, err = typed(capsys, study, "--data", "sample", "--out", str(taken))
    assert (code, out, len(err.splitlines())) == (3, "", 1)
    assert str(taken) in err


@pytest.mark.parametrize("study", STUDIES)
def test_a_number_of_people_is_of_a_sample(study: str, capsys):
    code, out, err = typed(capsys, study, "--data", "published", "--people", "20")
    assert (code, out) == (2, "")
    assert "--people" in err.splitlines()[-1]
