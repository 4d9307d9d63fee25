"""`valuegauge decoders` where what language models need is not installed."""

from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path

import pytest

from evals.cli.main import main
from ratings.errors import with_extra


@pytest.mark.parametrize("missing", ["torch", "accelerate"])
def test_the_line_that_installs_the_extra_is_printed(
    missing: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
):
    def found(name: str) -> ModuleSpec | None:
        return None if name == missing else find_spec("json")

    monkeypatch.setattr("decoders.extra.find_spec", found)
    given = ["--data", "planted", "--representation", "none", "--recipe", "tiny-llama"]
    with pytest.raises(SystemExit) as caught:
        main(["decoders", "train", *given, "--out", str(tmp_path / "out")])
    printed = capsys.readouterr()
    assert (caught.value.code, printed.out) == (3, "")
    assert printed.err == (
        f"valuegauge: language-model decoders need {missing}: {with_extra('decoders')}\n"
    )
    assert not (tmp_path / "out").exists()
