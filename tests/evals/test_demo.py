from evals import demo
from tests.test_doctests import quick_eval


def test_the_demo_finds_both_peaks_and_says_what_it_does(capsys, monkeypatch):
    monkeypatch.setattr(demo, "inspect_eval", quick_eval)
    assert demo.main() == 0
    out, err = capsys.readouterr()
    assert out.startswith("Two simulated respondents")
    assert "respondent/benevolence should peak at Benevolence: it peaks at Benevolence." in out
    assert "respondent/power should peak at Power: it peaks at Power." in out
    assert out.rstrip().endswith("valuegauge show logs")
    for profile in demo.RESPONDENTS:
        assert f"respondent/{profile}, items" in err
    assert err.count("120/120") == 2
