from pathlib import Path

import pytest

from ratings.errors import DataError
from scorers.scores.manifests import manifests
from studies.argument_tables import BEGIN, END, pages, with_block

PAGES = pages()
BLOCK = f"{BEGIN.format(task='toy')}\nold\n{END.format(task='toy')}\n"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_page_lists_the_arguments_as_the_manifests_and_signatures_do(path: Path):
    assert path.read_text(encoding="utf-8") == PAGES[path], "run python -m studies.argument_tables"


def test_every_argument_has_a_type():
    for name, manifest in manifests().items():
        for argument, about in manifest.arguments.items():
            assert about.values, f"{name} {argument}"


def test_only_what_is_between_the_comments_changes():
    written = with_block(f"before\n{BLOCK}after", "toy", r"new \1", "toy.md")
    assert written == f"before\n{BLOCK}after".replace("old\n", "\nnew \\1\n\n")
    assert with_block(written, "toy", r"new \1", "toy.md") == written


@pytest.mark.parametrize("text", ["nothing", BLOCK * 2, BLOCK.replace("toy", "other")])
def test_a_page_without_its_comments_is_refused(text: str):
    with pytest.raises(DataError, match=r"toy\.md needs once.*arguments of toy: begin"):
        with_block(text, "toy", "new", "toy.md")
