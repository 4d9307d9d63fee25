import json
from pathlib import Path

import pytest

from evals.cli.main import main


def call(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["instrument", "tags", "--permutations", "100", *arguments])
    return int(ended.value.code or 0)


def test_the_sample_of_many_raters_has_tags_that_hold(capsys, tmp_path: Path):
    assert call("--data", "sample", "--json", "--out", str(tmp_path / "out")) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["synthetic"]
    findings = {one["name"]: one for one in found["findings"]}
    assert list(findings) == [
        "tags", "false_tags", "again", "dimensions", "each_tag", "power", "coverage",
    ]  # fmt: skip
    each = findings["each_tag"]["rows"]
    assert len(each) == sum(row["tags"] for row in findings["tags"]["rows"])
    chances = [row["again with other people"] for row in each]
    assert chances == sorted(chances, reverse=True)
    values = findings["tags"]["rows"][0]
    assert values["family"] == "values"
    assert values["tags"] == 346
    assert values["survive FDR 5%"] > 300
    assert values["false, expected"] < 0.03
    again = findings["again"]["rows"][0]
    assert again["again with other people"] > 0.5
    assert again["half: foretold"] == pytest.approx(again["half: held"], abs=0.1)
    assert len(findings["dimensions"]["rows"]) == 19
    written = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"tags.json", "tags.csv", "dimensions.csv", "dimensions.png"} <= written


def test_a_person_reads_the_conclusion_first(capsys):
    assert call("--data", "sample", "--rule", "fdr") == 0
    shown = capsys.readouterr().out
    assert (
        shown.index("values: 346 tags") < shown.index("SYNTHETIC") < shown.index("chance explains")
    )
    assert shown.startswith("values: 346 tags")
    assert "q < 0.05 (Benjamini-Hochberg)" in " ".join(shown.split())


def test_what_cannot_be_is_refused_in_one_line(capsys, tmp_path: Path):
    assert call("--data", "sample", "--rule", "fdrr") == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert call("--data", "offical") != 0
    assert "official" in capsys.readouterr().err
    (tmp_path / "file").write_text("")
    assert call("--data", "sample", "--out", str(tmp_path / "file")) == 3
    assert "is a file" in capsys.readouterr().err


@pytest.mark.usefixtures("mirror")
def test_the_published_instrument(capsys):
    assert call("--json") == 0
    findings = {one["name"]: one for one in json.loads(capsys.readouterr().out)["findings"]}
    rows = {row["family"]: row for row in findings["tags"]["rows"]}
    assert [rows[name]["tags"] for name in ("values", "traits")] == [549, 287]
    assert [rows[name]["survive FDR 5%"] for name in ("values", "traits")] == [15, 4]
    assert rows["values"]["false, expected"] == pytest.approx(0.32, abs=0.02)
    cover = findings["coverage"]["rows"][0]
    assert (cover["same pairs"], cover["opposite pairs"]) == (152, 287)
    counts = [row["count"] for row in findings["pilots"]["rows"]]
    assert counts[:5] == [80, 47, 44, 9, 42]
