"""Reading a census, and what a survey's answers are in it."""

from pathlib import Path

import pandas as pd
import pytest

from ratings.census.census import prism_census, read_census
from ratings.census.scheme import CensusScheme, load_scheme
from ratings.errors import DataError
from ratings.input.strict_files import MalformedFileError, parse_yaml
from ratings.prism.prism import load_prism

SCHEME = """
country: Atlantis
source: made up
variables:
  age:
    survey_column: age
    categories:
      young: {years: [18, 39]}
      old: {years: [40, null]}
  origin:
    survey_column: origin
    categories:
      sea: {survey: [sea, lagoon]}
      land: {}
    outside_survey: [won't say]
    outside_census: [everywhere]
"""
LONG = """age,origin,people
17,sea,900
18,sea,"1,000"
39,land,200
40,everywhere,77
40,sea,30
100+,sea,4
"""


def scheme(text: str = SCHEME) -> CensusScheme:
    return parse_yaml(text, "atlantis.yaml").check(CensusScheme)


def write(folder: Path, text: str) -> Path:
    path = folder / "census.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_long_file(tmp_path: Path):
    found = read_census(write(tmp_path, LONG), scheme())
    assert found.to_dict() == {
        ("young", "sea"): 1000, ("young", "land"): 200, ("old", "sea"): 34, ("old", "land"): 0
    }  # fmt: skip
    assert list(found.index.names) == ["age", "origin"]


def test_a_wide_file_of_shares_with_a_byte_order_mark(tmp_path: Path):
    layout = "file: {rows: Age, columns: '(?P<origin>sea|land)_share', total: 200}\n"
    text = "\ufeffAge,sea_share,land_share,all_share\n20,0.5,0.25,0.75\n60,0.25,0,0.25\n"
    found = read_census(write(tmp_path, text), scheme(layout + SCHEME))
    assert found.tolist() == [100, 50, 50, 0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "cannot be read: No columns to parse from file"),
        ("age,people\n18,1\n", "has no column 'origin'; it has age, people, ..."),
        ("age,origin,people\n18,sea,-1\n", "'-1' is not a number of people (18, sea)"),
        ("age,origin,people\n18,sea,many\n", "'many' is not a number of people (18, sea)"),
        ("age,origin,people\n18,sea,\n", "'' is not a number of people (18, sea)"),
        ("age,origin,people\n18,see,1\n", "unknown origin of the census 'see'; allowed"),
        ("age,origin,people\nx,sea,1\n", "age: 'x' is not a year of age"),
        ("age,origin,people\n18,sea,1\n18,sea,2\n", "the row 18, sea is there twice"),
        ("age,origin,people\n18,sea,0\n", "it counts nobody"),
    ],
)
def test_a_file_that_is_not_what_it_should_be(tmp_path: Path, text: str, message: str):
    path = write(tmp_path, text)
    with pytest.raises(DataError) as error:
        read_census(path, scheme())
    assert str(error.value).startswith(f"the census file {path}")
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_that_is_not_there(tmp_path: Path):
    with pytest.raises(DataError, match="cannot be read: No such file or directory"):
        read_census(tmp_path / "none.csv", "UK")


def test_a_wide_file_without_the_columns(tmp_path: Path):
    layout = "file: {rows: Age, columns: '(?P<origin>sea|land)_share'}\n"
    path = write(tmp_path, "Age,sea,land\n18,1,2\n")
    with pytest.raises(DataError, match="no column of counts that the layout's expression matches"):
        read_census(path, scheme(layout + SCHEME))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("sea, lagoon", "sea, land", "the label 'land' is in two categories"),
        ("country: Atlantis", "nation: Atlantis", "unknown key; allowed: country, source"),
        ("source: made up", "source: x\nfile: {rows: Age}", "given together or not at all"),
        (
            "source: made up",
            "source: x\nfile: {rows: Age, columns: '('}",
            "columns is not a regular expression",
        ),
    ],
)
def test_a_scheme_that_is_not_what_it_should_be(old: str, new: str, message: str):
    with pytest.raises(MalformedFileError) as error:
        scheme(SCHEME.replace(old, new))
    assert message in str(error.value)


def test_a_country_that_does_not_ship():
    with pytest.raises(DataError, match="unknown country 'FR'; allowed"):
        load_scheme("FR")


def test_a_scheme_from_a_file(tmp_path: Path):
    path = tmp_path / "atlantis.yaml"
    path.write_text(SCHEME, encoding="utf-8")
    assert load_scheme(str(path)).country == "Atlantis"


@pytest.mark.parametrize("country", ["UK", "US"])
def test_every_answer_of_the_survey_has_a_category_or_is_outside(country: str):
    people = pd.DataFrame(
        {
            "age": ["18-24 years old", "65+ years old", "Prefer not to say", "25-34 years old"],
            "ethnicity_categorised": [
                "Black / African", "Hispanic / Latino", "White", "Prefer not to say",
            ],
            "gender": ["Female", "Male", "Male", "Non-binary / third gender"],
        }
    )  # fmt: skip
    found = load_scheme(country).cells_of(people.astype("category"))
    assert found.loc[0].tolist() == ["18-24 years old", "Black", "Female"]
    assert found.loc[1].tolist() == ["65+ years old", "Other", "Male"]
    assert found.loc[2].isna().tolist() == [True, False, False]
    assert found.loc[3].isna().tolist() == [False, True, True]


@pytest.mark.parametrize("country", ["UK", "US"])
def test_the_people_of_prism_are_all_known_or_outside(country: str):
    """By every label of its codebook that the sample has."""
    survey = load_prism("sample", people=400, parts=("survey",)).survey
    found = load_scheme(country).cells_of(survey)
    assert found.index.equals(survey.index)
    silent = survey[["age", "ethnicity_categorised"]].eq("Prefer not to say").any(axis=1)
    outside = silent | ~survey["gender"].isin(["Male", "Female"])
    assert found.isna().any(axis=1).equals(outside)
    assert 0 < outside.sum() < 100


def test_a_country_whose_census_prism_did_not_use():
    with pytest.raises(DataError, match="unknown country with a census 'FR'"):
        prism_census("FR")


def test_an_answer_that_no_category_has():
    people = pd.DataFrame({"age": ["18"], "origin": ["moon"]})
    with pytest.raises(DataError, match="unknown age of the survey '18'"):
        load_scheme("UK").cells_of(
            people.assign(ethnicity_categorised="White", gender="Male", age="18")
        )


def test_a_table_of_people_without_the_column():
    with pytest.raises(DataError, match="no column 'gender', which the census of UK needs"):
        load_scheme("UK").cells_of(
            pd.DataFrame({"age": ["18-24 years old"], "ethnicity_categorised": ["White"]})
        )
