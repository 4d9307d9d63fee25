"""Who may import whom: the table of the rooms, read off the imports."""

import ast
import subprocess
import sys
from collections import Counter
from collections.abc import Container, Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from valuegauge.shadowing import PACKAGES

ROOT = Path(__file__).parents[1]
INSTALLED = (
    "ratings", "scorers", "providers", "decoders", "benchmarks", "evals", "leaderboard",
    "valuegauge",
)  # fmt: skip
ROOMS = (*INSTALLED, "studies")
LARGEST_FOLDER = 15
MAY_IMPORT = {
    "ratings": set(),
    "scorers": {"ratings"},
    "providers": {"ratings", "scorers", "decoders"},
    "decoders": {"ratings", "scorers"},
    "benchmarks": {"ratings", "scorers"},
    "evals": {"ratings", "scorers", "providers", "decoders", "benchmarks"},
    "leaderboard": {"ratings", "scorers"},
    "valuegauge": {"ratings", "scorers", "evals", "leaderboard"},
    "studies": {"ratings", "scorers", "providers", "benchmarks", "evals", "leaderboard"},
}
NEVER = {
    "ratings": {"inspect_ai", "torch"},
    "scorers": {"torch", "requests", "pooch"},
    "providers": set(),
    "decoders": {"inspect_ai"},
    "benchmarks": {"torch"},
    "evals": set(),
    "leaderboard": {"torch"},
    "valuegauge": {"torch"},
    "studies": {"torch"},
}
# Files and folders with a role of their own.
ALSO = {
    # the one room that adapts the scorers to Inspect
    "scorers/inspect_adapter/": {"inspect_ai"},
    # where everything that Inspect should find is put together
    "benchmarks/_registry.py": {"providers"},
    "valuegauge/registry.py": {"benchmarks"},
    # the command line reaches every room
    "evals/cli/": {"leaderboard"},
}


def modules(room: str) -> list[Path]:
    return sorted((ROOT / room).rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    """Top-level packages that a module imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively, which Inspect cannot load"
            yield str(node.module)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_what_it_may(room: str):
    for path in modules(room):
        name = path.relative_to(ROOT).as_posix()
        also = {one for prefix, ones in ALSO.items() if name.startswith(prefix) for one in ones}
        for module in imported(path):
            package = module.partition(".")[0]
            if package in ROOMS and package != room:
                assert package in MAY_IMPORT[room] | also, f"{name} imports {module}"
            assert package not in NEVER[room] - also, f"{name} imports {module}"
            if room == "scorers" and package == "inspect_ai":
                assert package in also, f"{name} imports {module}"
            assert package != "tests", f"{name} imports the tests"


def test_a_benchmark_does_not_import_another():
    folders = [path for path in (ROOT / "benchmarks").iterdir() if path.is_dir()]
    names = {path.name for path in folders}
    for folder in folders:
        for path in folder.rglob("*.py"):
            for module in imported(path):
                parts = module.split(".")
                if parts[0] == "benchmarks" and len(parts) > 1:
                    assert parts[1] not in names - {folder.name}, f"{path} imports {module}"


def test_every_room_exists_and_is_packaged():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packaged = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert sorted(packaged) == sorted(["data_cards", *INSTALLED]) == sorted(PACKAGES)
    for room in ROOMS:
        assert (ROOT / room / "__init__.py").is_file()


@pytest.mark.parametrize("room", ROOMS)
def test_files_and_folders_are_small(room: str):
    for path in modules(room):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 400, path
    for folder, count in Counter(path.parent for path in modules(room)).items():
        assert count <= LARGEST_FOLDER, f"{folder} holds {count} files"


def imported_modules(path: Path, names: Container[str]) -> Iterator[str]:
    """Modules of ours that a module imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            inner = [f"{node.module}.{alias.name}" for alias in node.names]
            found = [name for name in inner if name in names]
            yield from found or ([node.module] if node.module in names else [])


def test_no_modules_import_each_other_in_a_circle():
    paths = {
        path.relative_to(ROOT).with_suffix("").as_posix().replace("/", "."): path
        for room in ROOMS
        for path in modules(room)
    }
    graph = {name: set(imported_modules(path, paths)) - {name} for name, path in paths.items()}
    list(TopologicalSorter(graph).static_order())  # raises CycleError, which lists the circle


def test_the_registry_module_imports():
    """Inspect only warns when it does not."""
    import importlib

    assert importlib.import_module("benchmarks._registry")


@pytest.mark.processes
@pytest.mark.parametrize("module", ["evals.cli.main", "benchmarks._registry"])
def test_what_takes_seconds_is_imported_only_where_it_is_used(module: str):
    """litellm and datasets take seconds, and Inspect imports the registry at every start."""
    program = (
        f"import sys, {module}, ratings.data_sets.registry, leaderboard.exports.formats\n"
        f"from evals.cli.main import valuegauge\n"
        f"try:\n    valuegauge(['--help'], standalone_mode=False)\n"
        f"finally:\n    slow = {{'litellm', 'datasets', 'huggingface_hub', 'torch'}}\n"
        f"    print(sorted(slow & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stderr == "[]\n"


@pytest.mark.processes
def test_inspect_pays_for_no_statistics_that_a_command_may_not_need():
    """Inspect imports the registry whenever it starts; these take from 0.2 s to seconds each."""
    slow = {
        "datasets", "duckdb", "huggingface_hub", "jinja2", "litellm", "matplotlib", "pingouin",
        "requests", "scipy.optimize", "scipy.stats", "sklearn", "statsmodels", "torch",
        "transformers",
    }  # fmt: skip
    program = (
        "import sys, inspect_ai\nbefore = set(sys.modules)\nimport benchmarks._registry\n"
        f"print(sorted({slow} & (set(sys.modules) - before)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
