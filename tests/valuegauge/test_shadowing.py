"""Another distribution with a package of the name of one of ours is reported in one line."""

import base64
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from valuegauge.shadowing import PACKAGES

pytestmark = pytest.mark.processes

ROOT = Path(__file__).parents[2]
SHADOWED = ["evals", "benchmarks", "scorers", "ratings"]


def install(site: Path, name: str, files: dict[str, str]) -> None:
    """Unpack a distribution as pip does: over what is there, with a record of its files."""
    info = f"{name}-1.2.dist-info"
    files = {**files, f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n"}
    record = ""
    for path, text in files.items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_bytes(text.encode())
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=")
        record += f"{path},sha256={digest.decode()},{len(text.encode())}\n"
    (site / info / "RECORD").write_text(f"{record}{info}/RECORD,,\n", encoding="utf-8")


def theirs(package: str) -> dict[str, str]:
    return {f"{package}/__init__.py": "import blobfile\n", f"{package}/api.py": ""}


def ours() -> dict[str, str]:
    """This package whole, of the others what makes them packages, and a command line."""
    files = {f"{package}/__init__.py": "" for package in PACKAGES if package != "data_cards"}
    files["evals/cli/main.py"] = "def entry():\n    print('ours')\n"
    for path in (ROOT / "valuegauge").glob("*.py"):
        files[f"valuegauge/{path.name}"] = path.read_text(encoding="utf-8")
    return {**files, "data_cards/README.md": ""}


def python(*arguments: str, path: Iterable[Path], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, path))},
        cwd=folder,
        capture_output=True,
        text=True,
    )


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return tmp_path / "site"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where commands are typed: an empty folder."""
    (tmp_path / "here").mkdir()
    return tmp_path / "here"


@pytest.mark.parametrize("package", SHADOWED)
def test_what_comes_first_on_the_path_is_named(package: str, site: Path, folder: Path):
    install(site, "theirs", theirs(package))
    path = [site, ROOT]
    done = python("-m", "valuegauge", "show", "logs", path=path, folder=folder)
    assert (done.returncode, done.stdout) == (3, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("valuegauge: ")
    assert f"the distribution theirs 1.2 before the package {package!r}" in line
    assert "environment of its own" in line
    done = python("-c", "import valuegauge", path=path, folder=folder)
    assert done.returncode == 0
    assert done.stderr.count(line.removeprefix("valuegauge: ")) == 1
    done = python("-c", "from valuegauge import scores", path=path, folder=folder)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == line.replace("valuegauge: ", "ImportError: ", 1)


def test_what_comes_last_on_the_path_does_no_harm(site: Path, folder: Path):
    install(site, "theirs", theirs("evals"))
    done = python("-m", "valuegauge", "--version", path=[ROOT, site], folder=folder)
    assert (done.returncode, done.stderr) == (0, "")
    program = "import valuegauge, evals; print(evals.__file__)"
    done = python("-W", "error", "-c", program, path=[ROOT, site], folder=folder)
    assert (done.stdout.strip(), done.stderr) == (str(ROOT / "evals" / "__init__.py"), "")


def test_a_folder_of_ones_own_is_named_by_its_path(folder: Path):
    (folder / "ratings").mkdir()
    (folder / "ratings" / "__init__.py").touch()
    done = python("-m", "valuegauge", "show", path=[ROOT], folder=folder)
    (line,) = done.stderr.splitlines()
    assert done.returncode == 3
    assert str(folder / "ratings") in line
    assert "distribution" not in line


def test_in_one_folder_what_was_installed_last_is_named(site: Path, folder: Path):
    install(site, "valuegauge", ours())
    install(site, "theirs", theirs("evals"))
    done = python("-m", "valuegauge", path=[site], folder=folder)
    (line,) = done.stderr.splitlines()
    assert (done.returncode, done.stdout) == (3, "")
    assert "the distribution theirs 1.2 has overwritten the package 'evals'" in line


def test_in_one_folder_ours_works_where_it_was_installed_last(site: Path, folder: Path):
    install(site, "theirs", theirs("evals"))
    install(site, "valuegauge", ours())
    done = python("-m", "valuegauge", path=[site], folder=folder)
    (line,) = done.stderr.splitlines()
    assert (done.returncode, done.stdout) == (0, "ours\n")
    assert "has overwritten the package 'evals' of the distribution theirs 1.2" in line


def test_alone_in_its_folder_nothing_is_said(site: Path, folder: Path):
    install(site, "valuegauge", ours())
    shutil.copytree(site / "evals", site / "evals" / "__pycache__")
    (site / "evals" / "notes.txt").touch()  # nobody's
    for path in (site / "valuegauge").glob("*.py"):  # as installers do that link to a cache
        path.rename(folder / path.name)
        path.symlink_to(folder / path.name)
    done = python("-m", "valuegauge", path=[site], folder=site.parent)
    assert (done.returncode, done.stdout, done.stderr) == (0, "ours\n", "")


def test_inspect_is_warned_only_of_packages_that_it_needs(site: Path, folder: Path):
    install(site, "theirs", theirs("scorers"))
    program = "import sys, valuegauge.registry; print('benchmarks._registry' in sys.modules)"
    done = python("-W", "ignore", "-c", program, path=[site, ROOT], folder=folder)
    assert "ImportError: Python finds" in done.stderr.splitlines()[-1]
    install(site / "other", "theirs", theirs("evals"))
    done = python("-W", "ignore", "-c", program, path=[site / "other", ROOT], folder=folder)
    assert done.stdout == "True\n", done.stderr


def test_importing_it_imports_nothing_heavy(folder: Path):
    program = "import valuegauge, sys; print({'numpy', 'pandas', 'inspect_ai'} & set(sys.modules))"
    done = python("-c", program, path=[ROOT], folder=folder)
    assert done.stdout == "set()\n", done.stderr
