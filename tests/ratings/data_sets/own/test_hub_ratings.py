"""Ratings of the hub and of folders, without a network: the hub is a folder here."""

from pathlib import Path
from typing import Any

import datasets
import huggingface_hub
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.value_profiles._material import Setup, check_data, load_material
from ratings.data_sets.digest import data_sha256
from ratings.data_sets.own.hub_ratings import HubAddress, parse_address, pinned
from ratings.data_sets.own.ratings import load_own_ratings
from ratings.data_sets.registry import load_data_set
from ratings.errors import DataError, DataMissingError, UnknownNameError

COMMIT = "0123456789abcdef0123456789abcdef01234567"
CHOICES = ["disagree", "neutral", "agree"]
RATED = [
    (rater, instance, (position + shift) % 3)
    for shift, rater in enumerate(("ann", "ben", "cem"))
    for position, instance in enumerate(("tea", "rain", "cats", "maths", "snow"))
]
TEXTS = {name: f"About {name}." for name in ("tea", "rain", "cats", "maths", "snow")}


def table(**more: Any) -> datasets.Dataset:
    """Ratings whose choices are labels in an order that is not the alphabet's."""
    columns = {name: [row[position] for row in RATED] for position, name in
               enumerate(("rater", "instance", "rating"))}  # fmt: skip
    found = datasets.Dataset.from_dict(columns | more)
    return found.cast_column("rating", datasets.ClassLabel(names=CHOICES))


def save(folder: Path, tables: dict[str, datasets.Dataset]) -> Path:
    """A repository as the hub has it: a folder for each configuration, named in its card."""
    folder.mkdir(exist_ok=True)
    lines = ["---", "configs:"]
    for name, found in tables.items():
        (folder / name).mkdir()
        found.to_parquet(folder / name / "train.parquet")
        lines += [f"- config_name: {name}", f"  data_files: {name}/train.parquet"]
    (folder / "README.md").write_text("\n".join([*lines, "---", ""]))
    return folder


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Makes a folder be `ann/tea` on the hub; what was asked for is in `asked`."""
    asked: list[str | None] = []
    made: list[Path] = []
    load, names = datasets.load_dataset, datasets.get_dataset_config_names

    def make(**tables: datasets.Dataset) -> list[str | None]:
        folder = save(tmp_path / f"hub{len(made)}", tables)
        made.append(folder)

        class Info:
            sha = COMMIT

        def info(self: object, dataset: str, revision: str | None = None) -> Info:
            assert dataset == "ann/tea"
            asked.append(revision)
            return Info()

        def at(dataset: str, revision: str) -> str:
            assert (dataset, revision) == ("ann/tea", COMMIT)
            return str(folder)

        monkeypatch.setattr(huggingface_hub.HfApi, "dataset_info", info)
        monkeypatch.setattr(
            datasets, "get_dataset_config_names", lambda d, revision: names(at(d, revision))
        )
        monkeypatch.setattr(
            datasets, "load_dataset",
            lambda d, name, revision: load(at(d, revision), name, cache_dir=str(tmp_path / "c")),
        )  # fmt: skip
        return asked

    return make


def test_labels_are_choices_in_their_order_and_the_commit_is_kept(hub: Any):
    asked = hub(default=table())
    data, notes = load_data_set("hf://ann/tea")
    assert asked == [None]
    assert data.commit == COMMIT
    assert notes == (f"read at hf://ann/tea@{COMMIT}",)
    assert (data.name, data.ordered, data.card) == ("tea", True, None)
    assert {tuple(labels) for labels in data.table.choices} == {tuple(CHOICES)}
    found = data.table.ratings.astype({"rater": str, "instance": str})
    assert set(found.itertuples(index=False, name=None)) == {(r, i, n + 1) for r, i, n in RATED}


def test_it_is_what_the_same_files_are(hub: Any, tmp_path: Path):
    texts = [TEXTS[instance] for _, instance, _ in RATED]
    hub(default=table(text=texts))
    data, _ = load_data_set("hf://ann/tea@main")
    path = tmp_path / "tea.csv"
    rows = [f"{rater},{instance},{CHOICES[position]}" for rater, instance, position in RATED]
    path.write_text("\n".join(["rater,instance,rating", *rows]))
    about = [f"{name},{text},{'|'.join(CHOICES)}" for name, text in TEXTS.items()]
    path.with_name("tea.instances.csv").write_text("\n".join(["instance,text,choices", *about]))
    assert data_sha256(data) == data_sha256(load_own_ratings(path)[0])


def test_configurations_of_raters_and_instances_are_read_as_the_files_are(hub: Any):
    instances = datasets.Dataset.from_dict(
        {"instance": list(TEXTS), "text": list(TEXTS.values()), "group": ["a", "a", "b", "b", "b"],
         "choices": [CHOICES] * 5, "author": ["x"] * 5}
    )  # fmt: skip
    raters = datasets.Dataset.from_dict(
        {"rater": ["ann", "ben", "cem"], "openness": [4.5, 2.0, None], "region": ["n", "s", "s"]}
    )
    words = [CHOICES[position] for _, _, position in RATED]
    survey = table().remove_columns("rating").add_column("rating", words)
    hub(survey=survey, instances=instances, raters=raters)
    data, _ = load_data_set("hf://ann/tea")
    assert data.ordered
    assert data.groups == "group"
    assert data.demographics == ("region",)
    assert data.measured == {"own": ("openness",)}
    assert dict(data.table.instances["text"]) == TEXTS


def test_plain_words_are_sorted_and_have_no_order(hub: Any):
    words = [CHOICES[position] for _, _, position in RATED]
    hub(default=table(note=words).remove_columns("rating").rename_column("note", "rating"))
    data, _ = load_data_set("hf://ann/tea")
    assert not data.ordered
    assert tuple(data.table.choices[0]) == tuple(sorted(CHOICES))


def test_a_missing_label_is_no_rating_and_further_columns_are_noted(hub: Any):
    found = table(when=["today"] * len(RATED))
    labels = [*found["rating"]]
    labels[0], labels[7] = None, -1
    feature = found.features["rating"]
    hub(default=found.remove_columns("rating").add_column("rating", labels, feature=feature))
    data, notes = load_data_set(f"hf://ann/tea@{COMMIT}")
    assert len(data.table) == len(RATED) - 2
    assert notes[1] == "columns left out: when"
    assert notes[2].startswith("2 rows without a rating left out")


@pytest.mark.parametrize("kind", ["saved", "saved splits", "files"])
def test_a_folder_is_read_as_well(kind: str, tmp_path: Path):
    folder = tmp_path / "survey"
    if kind == "saved":
        table().save_to_disk(folder)
    elif kind == "files":
        save(folder, {"default": table()})
    else:
        raters = datasets.Dataset.from_dict(
            {"rater": ["ann", "ben", "cem"], "region": ["n", "s", "s"]}
        )
        datasets.DatasetDict({"all": table(), "raters": raters}).save_to_disk(folder)
    data, notes = load_data_set(str(folder))
    assert (data.name, data.ordered, data.commit, notes) == ("survey", True, None, ())
    assert tuple(data.table.choices[0]) == tuple(CHOICES)
    assert data.demographics == (("region",) if kind == "saved splits" else ())
    assert check_data(str(folder)) == str(folder)


def test_what_cannot_be_read_is_one_line(hub: Any, tmp_path: Path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="empty cannot be read as a data set: "):
        load_data_set(str(tmp_path / "empty"))
    with pytest.raises(UnknownNameError):
        load_data_set(str(tmp_path / "nowhere"))
    table(item=["x"] * len(RATED)).remove_columns("instance").save_to_disk(tmp_path / "odd")
    with pytest.raises(DataError, match="odd has no column 'instance'; found: rater, rating, item"):
        load_data_set(str(tmp_path / "odd"))
    bars = table().cast_column("rating", datasets.ClassLabel(names=["no", "so|so", "yes"]))
    bars.save_to_disk(tmp_path / "bars")
    with pytest.raises(DataError, match=r"bars: the choice 'so\|so' contains '\|'; rename it"):
        load_data_set(str(tmp_path / "bars"))
    hub(first=table(), second=table())
    with pytest.raises(DataError, match="several configurations, first, second; name one: hf://"):
        load_data_set("hf://ann/tea")
    with pytest.raises(UnknownNameError, match="configuration") as config:
        load_data_set("hf://ann/tea/third")
    assert config.value.name == "third"
    with pytest.raises(UnknownNameError, match="split") as split:
        load_data_set("hf://ann/tea/first:test")
    assert split.value.name == "test"
    assert load_data_set("hf://ann/tea/second:train")[0].commit == COMMIT


def test_a_task_reads_the_commit_that_was_the_newest_when_it_began(hub: Any):
    hub(default=table())
    assert check_data("hf://ann/tea@v1/default:train") == f"hf://ann/tea@{COMMIT}/default:train"
    assert pinned(f"hf://ann/tea@{COMMIT}") == f"hf://ann/tea@{COMMIT}"
    assert check_data("planted") == "planted"
    more = [f"r{number}" for number in range(20) for _ in range(5)]
    items = [*TEXTS] * 20
    rated = datasets.Dataset.from_dict({"rater": more, "instance": items, "rating": [1, 2] * 50})
    hub(default=rated)
    made = load_material(Setup(check_data("hf://ann/tea"), seed=1))
    assert made.as_metadata("")["data_commit"] == COMMIT
    assert made.notes == (f"read at hf://ann/tea@{COMMIT}",)


@pytest.mark.parametrize(
    "text", ["hf://", "hf://tea", "hf://ann/", "hf://ann/tea@", "hf://ann/tea/a/b", "hf://a/b:c:d",
             "hf://ann/tea y", "HF://ann/tea", "hf://ann/tea\n"],
)  # fmt: skip
def test_what_is_no_address_is_refused(text: str):
    with pytest.raises(DataError, match=r"write hf://OWNER/NAME\[@REVISION\]|unknown data set"):
        load_data_set(text)


_NAME = st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}", fullmatch=True)


@settings(max_examples=60)
@given(_NAME, _NAME, st.none() | _NAME, st.none() | _NAME, st.none() | _NAME)
def test_an_address_has_its_parts(
    owner: str, name: str, revision: str | None, config: str | None, split: str | None
):
    text = f"{owner}/{name}"
    text += "".join(f"{mark}{part}" for mark, part in
                    (("@", revision), ("/", config), (":", split)) if part)  # fmt: skip
    expected = HubAddress(f"{owner}/{name}", revision, config, split)
    assert parse_address(f"hf://{text}") == expected
    if owner != "datasets":
        assert parse_address(f"hf://datasets/{text}") == expected


def test_a_revision_may_have_slashes():
    assert parse_address("hf://ann/tea@refs%2Fpr%2F1").revision == "refs/pr/1"


def test_the_hub_is_not_asked_for_a_whole_commit(monkeypatch: pytest.MonkeyPatch):
    def info(*_: object, **__: object) -> None:
        raise huggingface_hub.errors.OfflineModeIsEnabled("no")

    monkeypatch.setattr(huggingface_hub.HfApi, "dataset_info", info)
    assert pinned(f"hf://ann/tea@{COMMIT}") == f"hf://ann/tea@{COMMIT}"
    with pytest.raises(DataMissingError, match="ann/tea is not in the hub's cache, and the hub"):
        load_data_set("hf://ann/tea")
