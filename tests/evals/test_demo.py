from evals import demo


def test_the_demo_finds_both_peaks(capsys):
    assert demo.main() == 0
    out = capsys.readouterr().out
    assert "respondent/benevolence should peak at Benevolence: it peaks at Benevolence." in out
    assert "respondent/power should peak at Power: it peaks at Power." in out
