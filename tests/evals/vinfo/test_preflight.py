from pathlib import Path

import pytest

from evals.vinfo.preflight import require_available
from ratings.data_sets.data_set import DataSet
from ratings.data_sets.published.planted import plant
from ratings.errors import DataError
from ratings.representations.names import parse_representations
from ratings.representations.profile_runs import ProfileRun, fit_hashes, write_profile_run
from ratings.splits import draw_partition, split_raters

EVERYTHING = "none,measured+examples:2,shuffled(groundtruth),cluster:8(demographics),cluster:2"


@pytest.fixture(scope="module")
def few() -> DataSet:
    return plant(raters=16, ratings=8).data


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ("demographics:regoin", "unknown demographic column of planted 'regoin'"),
        ("shuffled(measured:big)", "unknown questionnaire of planted 'big'"),
        ("cluster:2(demographics:regoin)", "unknown demographic column of planted 'regoin'"),
        ("groundtruth+cluster:9", "9 clusters need as many candidates; there are 8"),
    ],
)
def test_what_the_data_lack_is_refused(names: str, message: str, few: DataSet):
    with pytest.raises(DataError, match=f"^{message}"):
        require_available(few, parse_representations(f"{EVERYTHING},{names}"), 2)


def test_what_is_there_passes(few: DataSet):
    require_available(few, parse_representations(EVERYTHING), 5)


@pytest.mark.parametrize("name", ["profile:{}", "cluster:2(profile:{})", "shuffled(profile:{})"])
def test_profiles_are_wanted_of_every_split(name: str, few: DataSet, tmp_path: Path):
    hashes = fit_hashes(few, draw_partition(few, 0))
    path = tmp_path / "profiles.json"
    texts = dict.fromkeys(hashes, "likes rain")
    write_profile_run(path, ProfileRun(few.name, 0, "somebody", "0", 0, texts, hashes))
    representations = parse_representations(name.format(path))
    require_available(few, representations, 1)
    with pytest.raises(DataError, match="no profiles of planted for seed 1; it has: planted seed"):
        require_available(few, representations, 2)


@pytest.mark.parametrize(("clusters", "written"), [(3, 8), (4, 3)])
def test_only_raters_with_a_profile_can_describe_a_cluster(
    clusters: int, written: int, few: DataSet, tmp_path: Path
):
    partition, train = draw_partition(few, 0), split_raters(few, 0).train
    hashes = fit_hashes(few, partition)
    some = {str(name) for name in few.table.raters.index[train[:written]]}
    texts = {name: "likes rain" if name in some else "" for name in hashes}
    path = tmp_path / "profiles.json"
    write_profile_run(path, ProfileRun(few.name, 0, "somebody", "0", 0, texts, hashes))
    representations = parse_representations(f"cluster:{clusters}(profile:{path})")
    if clusters <= written:
        require_available(few, representations, 1)
    else:
        with pytest.raises(DataError, match="^4 clusters need as many candidates; there are 3$"):
            require_available(few, representations, 1)
