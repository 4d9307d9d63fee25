"""Every page is valid HTML, by the Nu checker."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.processes

CHECKER = Path(".venv/html/node_modules/vnu-jar/build/dist/vnu.jar")


def test_every_page_is_valid(site: Path):
    if not CHECKER.is_file() or shutil.which("java") is None:
        pytest.skip("needs Java and `npm install --prefix .venv/html vnu-jar`")
    command = ["java", "-jar", str(CHECKER), "--format", "json", "--exit-zero-always"]
    pages = sorted(map(str, site.rglob("*.html")))
    found = subprocess.run([*command, *pages], capture_output=True, text=True, check=True)
    messages = json.loads(found.stderr)["messages"]
    errors = {
        f"{Path(one['url']).name}:{one['lastLine']}: {one['message']}"
        for one in messages
        if one["type"] == "error"
    }
    assert errors == set()
