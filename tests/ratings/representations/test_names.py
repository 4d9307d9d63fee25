import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratings.errors import DataError, UnknownNameError
from ratings.representations.names import (
    KINDS,
    Component,
    Representation,
    canonical,
    describe_clusters,
    most_examples,
    parse_representation,
    parse_representations,
)

ARGUMENTS = st.text(
    st.characters(exclude_characters="()+,", exclude_categories=["C"]), min_size=1, max_size=8
).filter(lambda text: text == text.strip() != "")
COUNTS = st.integers(2, 10**6).map(str)
PLAIN = st.one_of(
    st.sampled_from(
        [
            Component("none"),
            Component("groundtruth"),
            Component("demographics"),
            Component("measured"),
        ]
    ),
    ARGUMENTS.flatmap(
        lambda text: st.sampled_from(
            [
                Component("demographics", text),
                Component("measured", text),
                Component("profile", text),
            ]
        )
    ),
    st.one_of(st.just("1"), st.just("max"), COUNTS).map(
        lambda number: Component("examples", number)
    ),
    COUNTS.map(lambda number: Component("cluster", number)),
)


def joined(parts: st.SearchStrategy[Component]) -> st.SearchStrategy[Representation]:
    return st.lists(parts, min_size=1, max_size=3).map(lambda some: Representation(tuple(some)))


REPRESENTATIONS = st.recursive(
    joined(PLAIN),
    lambda inner: joined(
        st.one_of(
            PLAIN,
            inner.map(lambda found: Component("shuffled", inner=found)),
            st.tuples(COUNTS, inner).map(lambda both: Component("cluster", both[0], both[1])),
        )
    ),
    max_leaves=6,
)


@given(REPRESENTATIONS)
def test_a_name_is_read_as_it_was_written(made: Representation):
    assert parse_representation(made.name) == made
    assert canonical(f"  {made.name} ") == made.name
    assert made.kinds() <= set(KINDS)


@given(st.lists(REPRESENTATIONS, min_size=1, max_size=5))
def test_a_list_gives_each_once_in_order(made: list[Representation]):
    names = ", ".join(one.name for one in made)
    assert parse_representations(names) == list(dict.fromkeys(made))


@given(st.text("examplsured:()+, max12", max_size=20))
def test_any_text_is_a_name_or_refused_in_one_line(text: str):
    message = ""
    try:
        name = parse_representation(text).name
    except DataError as error:
        name, message = "refused", str(error)
    assert name
    assert "\n" not in message


def test_parts_and_what_they_hold():
    found = parse_representation("measured + shuffled(cluster:3(demographics:region)+examples:max)")
    assert [part.kind for part in found.components] == ["measured", "shuffled"]
    inner = found.components[1].inner
    assert inner is not None
    assert inner.components == (
        Component("cluster", "3", Representation((Component("demographics", "region"),))),
        Component("examples", "max"),
    )
    assert inner.components[0].number == 3
    assert inner.components[1].number is None
    assert found.kinds() == {"measured", "shuffled", "cluster", "demographics", "examples"}


def test_a_number_has_one_name():
    assert canonical("examples:007") == "examples:7"
    assert len(parse_representations("cluster:2,cluster:02")) == 1


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("shuffled(none", "representation 'shuffled(none': the parentheses do not match"),
        ("none)", "representation 'none)': the parentheses do not match"),
        ("none)(", "representation 'none)(': the parentheses do not match"),
        ("none+", "representation 'none+': nothing is before or after a '+'"),
        ("+none", "representation '+none': nothing is before or after a '+'"),
        ("none++none", "representation 'none++none': nothing is before or after a '+'"),
        ("", "representation '': nothing is named"),
        (" ", "representation ' ': nothing is named"),
        ("shuffled()", "representation 'shuffled()': nothing is in the parentheses"),
        (
            "none+cluster:2( )",
            "representation 'none+cluster:2( )': nothing is in the parentheses",
        ),
        (":3", "representation ':3': ':3' cannot be read"),
        ("none+a b", "representation 'none+a b': 'a b' cannot be read"),
        ("shuffled(none)x", "representation 'shuffled(none)x': 'shuffled(none)x' cannot be read"),
        ("examples", "representation 'examples': examples needs something after a colon"),
        ("profile:", "representation 'profile:': profile needs something after a colon"),
        ("cluster(none)", "representation 'cluster(none)': cluster needs something after a colon"),
        ("none:1", "representation 'none:1': none takes nothing after a colon"),
        (
            "groundtruth:x",
            "representation 'groundtruth:x': groundtruth takes nothing after a colon",
        ),
        (
            "shuffled:2(none)",
            "representation 'shuffled:2(none)': shuffled takes nothing after a colon",
        ),
        (
            "shuffled",
            "representation 'shuffled': parentheses belong after shuffled, or after cluster:<k>, "
            "and after nothing else",
        ),
        (
            "measured(none)",
            "representation 'measured(none)': parentheses belong after shuffled, or after "
            "cluster:<k>, and after nothing else",
        ),
        (
            "examples:0",
            "representation 'examples:0': examples takes a whole number from 1 or max, found '0'",
        ),
        (
            "measured+examples:-1",
            "representation 'measured+examples:-1': examples takes a whole number from 1 or max, "
            "found '-1'",
        ),
        (
            "examples:٣",
            "representation 'examples:٣': examples takes a whole number from 1 or max, found '٣'",
        ),
        ("cluster:1", "representation 'cluster:1': cluster takes a whole number from 2, found '1'"),
        (
            "cluster:max",
            "representation 'cluster:max': cluster takes a whole number from 2, found 'max'",
        ),
    ],
)
def test_an_invalid_representation_is_refused(name: str, message: str):
    with pytest.raises(DataError, match=f"^{re.escape(message)}$"):
        parse_representation(name)


def test_an_unknown_kind_names_the_nearest():
    with pytest.raises(UnknownNameError) as caught:
        parse_representation("shuffled(exmples:3)")
    assert (caught.value.name, caught.value.allowed[0]) == ("exmples", "examples")


def test_a_list_with_nothing_between_commas_is_refused():
    message = "representation 'none,,measured': nothing is before or after a ','"
    with pytest.raises(DataError, match=f"^{message}$"):
        parse_representations("none,,measured")


def test_the_most_examples_are_those_that_stand_alone():
    found = parse_representations("none,examples:4,examples:20,measured+examples:max")
    assert most_examples(found) == parse_representation("examples:20")
    everything = parse_representations("examples:max,examples:20")
    assert most_examples(everything) == parse_representation("examples:max")
    assert most_examples(parse_representations("none,shuffled(examples:2)")) is None


@pytest.mark.parametrize(
    ("names", "described"),
    [
        ("cluster:2,examples:4", "cluster:2,examples:4"),
        ("profile:a,cluster:2", "profile:a,cluster:2(profile:a)"),
        ("cluster:2,measured+profile:a", "cluster:2(profile:a),measured+profile:a"),
        ("groundtruth,cluster:2", "groundtruth,cluster:2(groundtruth)"),
        ("groundtruth,profile:a,cluster:2", "groundtruth,profile:a,cluster:2(profile:a)"),
        ("profile:a,cluster:2(examples:max)", "profile:a,cluster:2(examples:max)"),
        ("profile:a,shuffled(cluster:2)", "profile:a,shuffled(cluster:2(profile:a))"),
        ("cluster:2(profile:a),cluster:4", "cluster:2(profile:a),cluster:4(profile:a)"),
        ("cluster:2,cluster:2(profile:a)", "cluster:2(profile:a)"),
        ("profile:a,profile:b,cluster:2(profile:b)", "profile:a,profile:b,cluster:2(profile:b)"),
        ("profile:a,profile:b", "profile:a,profile:b"),
    ],
)
def test_profiles_that_are_given_describe_the_clusters(names: str, described: str):
    found = describe_clusters(parse_representations(names))
    assert found == parse_representations(described)


def test_which_of_two_profile_runs_describes_clusters_must_be_said():
    with pytest.raises(DataError) as caught:
        describe_clusters(parse_representations("profile:a,profile:b,cluster:4"))
    assert str(caught.value) == (
        "cluster:4: profiles of several runs are given, profile:a and profile:b; name those that "
        "describe the clusters, as in cluster:4(profile:a)"
    )
