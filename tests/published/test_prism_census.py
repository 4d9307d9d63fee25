"""The census shares of PRISM's appendix L and Figure 8, from the census files that it used.

Kirk et al. (2024), The PRISM alignment dataset. The printed figures are those of the authors'
notebook on rebalancing: shares in per cent of age, ethnicity and gender, and how many people of
300 a cell needs. What the notebook printed of the sample is shares of 274 and 287 people.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ratings.census.census import prism_census
from ratings.census.rebalance import cell_shares, draw_representative, needed_counts, shortfall
from ratings.census.weights import weights

FOLDER = "prism/data/storage/census_data"
FILES = {"UK": f"{FOLDER}/uk.csv", "US": f"{FOLDER}/us_census_aggregate.csv"}
AGES = [
    "18-24 years old", "25-34 years old", "35-44 years old", "45-54 years old", "55-64 years old",
    "65+ years old", "All Ages",
]  # fmt: skip

SHARES_UK = """
Asian_Female 0.608783 1.013645 1.116040 0.755494 0.451892 0.477271 4.423124
Mixed_Female 0.232518 0.287640 0.199354 0.136289 0.089429 0.055174 1.000405
Black_Female 0.278223 0.391114 0.420846 0.397978 0.293021 0.191177 1.972360
Other_Female 0.127476 0.234224 0.243280 0.170798 0.105699 0.098390 0.979867
White_Female 3.956382 6.837367 6.421255 7.048351 7.124328 11.881232 43.268915
Asian_Male 0.636852 0.897015 1.020022 0.756034 0.428706 0.403581 4.142210
Mixed_Male 0.225189 0.255101 0.174654 0.119405 0.077365 0.042707 0.894420
Black_Male 0.280660 0.332625 0.332233 0.343450 0.265248 0.138238 1.692452
Other_Male 0.139456 0.223335 0.243725 0.184896 0.116831 0.092628 1.000871
White_Male 4.016100 6.582351 6.219581 6.848626 6.903122 10.055594 40.625374
All 10.501639 17.054416 16.390989 16.761321 15.855642 23.435993 100.0
All_Male 5.298256 8.290426 7.990214 8.252411 7.791272 10.732749 48.355329
All_Female 5.203383 8.763990 8.400775 8.508910 8.064369 12.703244 51.644671
"""
SHARES_US = """
White_Male 2.758784 4.084669 4.106914 3.977771 4.634056 6.525241 26.087434
Black_Male 0.716137 1.022664 0.886024 0.78287 0.746515 0.729563 4.883773
Mixed_Male 0.79067 1.005936 0.941768 0.794214 0.620342 0.558443 4.711373
Other_Male 1.845546 2.477832 2.354122 1.93338 1.389169 1.122823 11.122872
Asian_Male 0.298401 0.513339 0.517626 0.440791 0.343799 0.405149 2.519106
White_Female 2.610066 3.89572 3.950658 3.85083 4.689529 7.804377 26.80118
Black_Female 0.699045 1.040611 0.958137 0.861698 0.86778 1.054079 5.481349
Mixed_Female 0.742447 0.955023 0.892079 0.781248 0.662993 0.710932 4.744722
Other_Female 1.740792 2.289575 2.13693 1.847513 1.391615 1.41612 10.822545
Asian_Female 0.293822 0.528095 0.573609 0.495814 0.400122 0.534184 2.825646
All 12.495711 17.813463 17.317867 15.76613 15.745919 20.86091 100.0
All_Male 6.409539 9.104439 8.806454 7.929026 7.73388 9.341219 49.324557
All_Female 6.086172 8.709024 8.511413 7.837104 8.012038 11.519691 50.675443
"""

# People of the sample by cell and age.
SAMPLE_UK = """
Asian_Female 2 2 2 0 0 0
Asian_Male 1 2 1 2 2 0
Black_Female 0 2 1 1 1 0
Black_Male 1 3 2 0 2 0
Mixed_Female 2 0 2 1 2 1
Mixed_Male 0 0 1 1 0 0
Other_Female 1 1 0 0 1 0
Other_Male 1 1 1 0 0 0
White_Female 9 23 23 17 33 13
White_Male 9 24 20 21 24 15
"""
SAMPLE_US = """
Asian_Female 2 2 1 3 3 0
Asian_Male 3 1 2 1 1 0
Black_Female 3 1 4 2 4 3
Black_Male 1 4 2 4 1 1
Mixed_Female 0 2 2 1 4 0
Mixed_Male 0 2 2 2 2 1
Other_Female 3 4 1 2 0 0
Other_Male 0 2 2 4 1 2
White_Female 8 14 13 20 26 17
White_Male 8 20 13 24 20 16
"""
# Cells printed as short of people: how many of 300 they need, and how many there are.
SHORT_UK = """
Black_Female 18-24 0.8346702363548507 0
White_Female 18-24 11.869146128354977 9
Asian_Male 18-24 1.9105549914659228 1
Mixed_Male 18-24 0.6755658897058715 0
White_Male 18-24 12.048301372294851 9
Asian_Female 25-34 3.040936242383466 2
Mixed_Female 25-34 0.8629194403035111 0
Asian_Male 25-34 2.6910464958382474 2
Mixed_Male 25-34 0.7653023935877803 0
Asian_Female 35-44 3.3481185309905523 2
Black_Female 35-44 1.2625392252960341 1
Other_Female 35-44 0.7298399508355812 0
Asian_Male 35-44 3.060065624584921 1
Asian_Female 45-54 2.266482250666086 0
Black_Female 45-54 1.1939340157064302 1
Other_Female 45-54 0.5123941661104034 0
White_Female 45-54 21.145053465881805 17
Asian_Male 45-54 2.2681028461682025 2
Black_Male 45-54 1.0303491991398344 0
Other_Male 45-54 0.5546885310774079 0
Asian_Female 55-64 1.3556758020941484 0
Mixed_Male 55-64 0.23209469700901622 0
Other_Male 55-64 0.3504934978107132 0
Asian_Female 65+ 1.4318120143112354 0
Black_Female 65+ 0.5735319258373129 0
Other_Female 65+ 0.2951708160619868 0
White_Female 65+ 35.64369523737699 13
Asian_Male 65+ 1.210743721993091 0
Mixed_Male 65+ 0.12812237381439667 0
Black_Male 65+ 0.4147135666298837 0
Other_Male 65+ 0.2778844640394095 0
White_Male 65+ 30.166781520635475 15
"""
SHORT_US = """
White_Male 18-24 8.276352315160768 8
Black_Male 18-24 2.1484113255205344 1
Mixed_Male 18-24 2.372010899572551 0
Other_Male 18-24 5.5366376375914905 0
Mixed_Female 18-24 2.227339819221372 0
Other_Female 18-24 5.222376032304719 3
Mixed_Male 25-34 3.0178077589432455 2
Other_Male 25-34 7.433494542440951 2
Asian_Male 25-34 1.5400172528767302 1
Black_Female 25-34 3.1218335999305276 1
Mixed_Female 25-34 2.8650687407999844 2
Other_Female 25-34 6.868725830695057 4
Black_Male 35-44 2.658071408737455 2
Mixed_Male 35-44 2.8253029639461245 2
Other_Male 35-44 7.062367393805153 2
Mixed_Female 35-44 2.676237586344792 2
Other_Female 35-44 6.410790204268486 1
Asian_Female 35-44 1.7208277092403803 1
Mixed_Male 45-54 2.3826418423938853 2
Other_Male 45-54 5.800138676998916 4
Asian_Male 45-54 1.322373901492694 1
Black_Female 45-54 2.5850931071045293 2
Mixed_Female 45-54 2.343745477049948 1
Other_Female 45-54 5.542539584858852 2
Black_Male 55-64 2.239543743560659 1
Other_Male 55-64 4.167507488665152 1
Asian_Male 55-64 1.0313974481716828 1
Other_Female 55-64 4.174844718748894 0
White_Male 65+ 19.57572182262424 16
Black_Male 65+ 2.1886897033802453 1
Mixed_Male 65+ 1.675329847021098 1
Other_Male 65+ 3.3684690611454604 2
Asian_Male 65+ 1.2154463367722943 0
White_Female 65+ 23.41313034512186 17
Black_Female 65+ 3.162235605091649 3
Mixed_Female 65+ 2.1327970968423244 0
Other_Female 65+ 4.2483587386879345 0
Asian_Female 65+ 1.6025525653904669 0
"""
PRINTED = {
    "UK": (SHARES_UK, SAMPLE_UK, SHORT_UK, 274, 243),
    "US": (SHARES_US, SAMPLE_US, SHORT_US, 287, 230),
}


@pytest.fixture(params=["UK", "US"])
def country(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def cells(mirror: Path, country: str) -> pd.Series:
    path = mirror / FILES[country]
    if not path.is_file():
        pytest.skip(f"needs {path}")
    return prism_census(country)


def by_age(printed: str) -> pd.DataFrame:
    """A row for each of the printed lines, a column for each age."""
    rows = [line.split() for line in printed.split("\n") if line]
    return pd.DataFrame(
        {name: map(float, numbers) for name, *numbers in rows}, AGES[: len(rows[0]) - 1]
    ).T


def sample(country: str) -> pd.DataFrame:
    """The people of the sample, by the printed shares of cells."""
    counts = by_age(PRINTED[country][1]).stack().astype(int)
    people = counts.index.repeat(counts)
    ethnicity, gender = zip(*(name.split("_") for name, _ in people), strict=True)
    return pd.DataFrame(
        {"age": [age for _, age in people], "ethnicity": ethnicity, "gender": gender}
    )


def test_the_totals(cells: pd.Series, country: str):
    assert cells.sum() == {"UK": 47_204_870, "US": 298_477_760}[country]


def test_the_total_of_the_us_and_the_hispanic_people_in_it(mirror: Path):
    shares = pd.read_csv(mirror / FILES["US"]).set_index("age_category").loc["All Ages"]
    people = shares * 298_477_760
    assert people.to_numpy() == pytest.approx(people.round().to_numpy(), abs=1e-6)
    hispanic = people[["Hispanic_Male", "Hispanic_Female"]].sum()
    assert round(hispanic) == 44_821_626
    assert round(298_477_760 - hispanic) == 253_656_134


def test_every_printed_share(cells: pd.Series, country: str):
    shares = 100 * cell_shares(cells)
    for name, row in by_age(PRINTED[country][0]).iterrows():
        ethnicity, _, gender = str(name).rpartition("_") if name != "All" else ("All", "", "")
        mine = shares
        if ethnicity != "All":
            mine = mine.xs(ethnicity, level="ethnicity")
        if gender:
            mine = mine.xs(gender, level="gender")
        found = mine.groupby("age", observed=True).sum().reindex(AGES[:-1])
        assert [*found, found.sum()] == pytest.approx(list(row), abs=5.1e-7)


def test_every_printed_number_of_people_that_a_cell_needs(cells: pd.Series, country: str):
    needed = needed_counts(cells, 300)
    table = shortfall(sample(country), cells, 300)
    printed = {}
    for line in PRINTED[country][2].strip().split("\n"):
        group, age, number, have = line.split()
        cell = (f"{age} years old", *group.split("_"))
        printed[cell] = int(have)
        assert needed[cell] == pytest.approx(float(number), rel=1e-13)
        assert table.loc[cell, "have"] == int(have)
    assert {cell for cell in table.index if table.loc[cell, "short"] > 0} == set(printed)


def test_the_size_of_the_rebalanced_samples(cells: pd.Series, country: str):
    """They follow when a fraction of a person is rounded up, and with no other rounding."""
    _, _, _, people, rebalanced = PRINTED[country]
    assert len(sample(country)) == people
    table = shortfall(sample(country), cells, 300)
    assert table["draw"].sum() == rebalanced
    for rounding in (np.floor, np.round):
        assert np.minimum(table["have"], rounding(table["needed"])).sum() != rebalanced
    drawn = draw_representative(sample(country), cells, 300, seed=1)
    assert len(drawn) == rebalanced


def test_weights_make_the_sample_count_as_the_census_does_in_each_margin(cells: pd.Series, country):
    people = sample(country)
    found = weights(people, cells, "margins")
    for name in ("age", "ethnicity", "gender"):
        mine = found.values.groupby(people[name]).sum() / found.values.sum()
        theirs = cell_shares(cells).groupby(name, observed=True).sum()
        assert mine.to_dict() == pytest.approx(theirs.to_dict(), abs=1e-8)
    assert 0.4 * len(people) < found.effective < len(people)
