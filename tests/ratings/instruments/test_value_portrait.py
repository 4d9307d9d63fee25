import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratings.errors import UnknownNameError
from ratings.instruments.value_portrait import (
    CHOICES,
    VARIANTS,
    load_human_ratings,
    load_instrument,
    load_prompts,
    load_recording,
    recorded_answer,
    recorded_tags,
    recordings,
    render_prompt,
    template_hash,
)

ANY_TEXT = st.text() | st.sampled_from(
    ["{text}", "{content} {", "}{title}", "\0", "\u202eabc", "😀"]
)


@given(ANY_TEXT, ANY_TEXT, ANY_TEXT)
def test_an_item_is_sent_as_it_is(title: str, text: str, response: str):
    item = {"title": title, "text": text, "response": response}
    rendered = render_prompt("<{title}|{text}|{content}>", item)
    assert rendered == f"<{title}|{text}|{response}>"


@pytest.mark.parametrize("data", ["sample", "official"])
def test_each_variant_asks_for_the_six_phrases_in_its_order(data: str, request):
    if data == "official":
        request.getfixturevalue("mirror")
    prompts = load_prompts(data)
    assert set(prompts) == {(v, titled) for v in VARIANTS for titled in (True, False)}
    for (variant, titled), template in prompts.items():
        listed = [line for line in template.splitlines() if line in CHOICES]
        wanted = CHOICES if variant.endswith("reversed") else CHOICES[::-1]
        assert tuple(listed) == wanted
        assert ("{title}" in template) == titled
        assert "{text}" in template
        assert "{content}" in template


def test_the_template_hash_moves_with_any_wording():
    prompts = dict(load_prompts("sample"))
    before = template_hash(prompts)
    prompts["v2", False] += " "
    assert template_hash(prompts) != before


def test_the_prompts_are_what_the_recorded_models_were_asked(mirror):
    items, prompts = load_instrument().items, load_prompts()
    for row in load_recording("o1-mini-2024-09-12").itertuples():
        item = items.loc[row.instance]
        assert render_prompt(prompts[row.variant, bool(item["title"])], item) == row.prompt


def test_a_rater_has_questionnaire_scores(mirror):
    table = load_human_ratings()
    raters = table.raters
    assert len(raters) == 560
    without = raters.index[raters.isna().any(axis=1)]
    assert list(without) == ["P186-group-0"]  # two people share an id, and one has no scores
    assert raters.loc[without].isna().all(axis=None)
    assert table.instances["group"].nunique() == 12
    assert raters["Openness"].dropna().between(1, 5).all()


def test_tags_are_those_that_the_first_row_of_an_item_carries(mirror):
    recording = load_recording("mistral-medium")
    released = load_instrument().tagged_as_published()
    assert (recorded_tags(recording) == released).all()
    assert recorded_tags(recording, threshold=0.5).sum() == (
        load_instrument().tagged_as_published(0.5).sum()
    )
    item = str(load_instrument().items.index[int(np.flatnonzero(released.any(axis=0))[0])])
    column = list(load_instrument().items.index).index(item)

    bare = recording.copy()
    rows = bare.index[bare["instance"] == item]
    first, other = (
        bare.index.get_loc(rows[bare.loc[rows, "variant"] == v][0]) for v in VARIANTS[:2]
    )
    kept = bare["correlations"].tolist()
    bare["correlations"] = [{} if i == other else found for i, found in enumerate(kept)]
    assert (recorded_tags(bare) == released).all()  # other variants are not asked
    bare["correlations"] = [{} if i == first else found for i, found in enumerate(kept)]
    found = recorded_tags(bare)
    assert not found[:, column].any()
    assert (np.delete(found, column, axis=1) == np.delete(released, column, axis=1)).all()
    # where the first variant does not have the item at all, the next one tells
    assert (
        recorded_tags(bare.drop(index=rows[bare.loc[rows, "variant"] == "v1"])) == released
    ).all()


@pytest.mark.parametrize(
    ("raw", "error", "answer"),
    [
        ("like me", None, ("like me", "stop")),
        ("", None, ("", "stop")),
        (None, "Could not parse valid Likert response from: no: no", ("no: no", "stop")),
        (None, "input violating our usage policy", ("", "content_filter")),
        (float("nan"), "API error", ("", "unknown")),
    ],
)
def test_a_recorded_error_holds_what_was_answered(raw, error, answer):
    assert recorded_answer(raw, error) == answer


def test_an_unknown_recording_names_the_nearest():
    assert "claude-3.7-sonnet:thinking" in recordings()
    with pytest.raises(UnknownNameError) as recording:
        load_recording("gpt-4o-2024-05-31")
    assert recording.value.name == "gpt-4o-2024-05-31"
    assert recording.value.allowed[0] == "gpt-4o-2024-05-13"
    with pytest.raises(UnknownNameError) as data:
        load_instrument("offical")
    assert (data.value.name, data.value.allowed[0]) == ("offical", "official")


def test_two_items_of_the_instrument_are_never_the_same_question(mirror):
    items = load_instrument().items
    assert not items.duplicated(["title", "text", "response"]).any()
