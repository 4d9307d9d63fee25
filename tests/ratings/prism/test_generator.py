from ratings.prism.prism import load_prism


def test_the_same_seed_makes_the_same_sample():
    one, two = load_prism("sample", people=20), load_prism("sample", people=20)
    assert one.utterances.equals(two.utterances)
    assert one.survey.equals(two.survey)
    assert not one.utterances.equals(load_prism("sample", people=20, seed=1).utterances)
