"""The tables of task arguments in the manual and the READMEs.

    python -m studies.argument_tables

writes, in each page of `pages()`, what is between the comments `arguments of TASK: begin` and
`arguments of TASK: end`. Names, types and effects are from the benchmarks' manifests, defaults from
the tasks' signatures.
"""

import re
import sys
import textwrap
from collections.abc import Callable, Iterable, Mapping
from inspect import signature
from pathlib import Path

from benchmarks._registry import TASKS
from ratings.errors import DataError
from ratings.output.atomic_write import write_whole
from scorers.scores.manifests import Argument, manifest_of, task_modules

ROOT = Path(__file__).parents[1]
BEGIN = "<!-- arguments of {task}: begin (python -m studies.argument_tables) -->"
END = "<!-- arguments of {task}: end -->"


def full_table(task: str) -> str:
    """The arguments of a task with types and effects, for its page in the manual."""
    rows = [
        (f"`{name}`", one.values, _default(task, name), one.effect or one.what)
        for name, one in _arguments(task).items()
    ]
    return _table(("argument", "type", "default", "effect"), rows)


def short_table(task: str) -> str:
    """The arguments of a task with what `valuegauge benchmarks` says of them."""
    rows = [
        (f"`-T {name}=`", _default(task, name), one.summary)
        for name, one in _arguments(task).items()
    ]
    return _table(("argument", "default", "what"), rows)


def name_list(task: str) -> str:
    """The names of the arguments of a task."""
    names = ", ".join(f"`{name}`" for name in _arguments(task))
    return textwrap.fill(f"`{task}`: {names}.", width=100, break_on_hyphens=False)


def pages() -> dict[Path, str]:
    """The text of each page with arguments, as it should be, by the page's path.

    Raises:
        DataError: for a page without the comments of a task that it should list.
    """
    blocks: dict[tuple[Path, str], Callable[[str], str]] = {
        (ROOT / "README.md", "value_portrait"): short_table
    }
    for task, module in task_modules().items():
        folder = module.split(".")[1]
        blocks[ROOT / "benchmarks" / folder / "README.md", task] = name_list
        blocks[ROOT / "docs" / f"{folder}.md", task] = full_table
    found: dict[Path, str] = {}
    for (path, task), render in blocks.items():
        text = found.get(path) or path.read_text(encoding="utf-8")
        found[path] = with_block(text, task, render(task), path.relative_to(ROOT).as_posix())
    return found


def with_block(text: str, task: str, block: str, page: str) -> str:
    """A page's text with a block between the comments of a task.

    Raises:
        DataError: for a page that has not exactly one pair of them.
    """
    begin, end = BEGIN.format(task=task), END.format(task=task)
    between = re.compile(f"(?<={re.escape(begin)}\n).*?(?={re.escape(end)})", re.DOTALL)
    text, count = between.subn(lambda _: f"\n{block}\n\n", text)
    if count != 1:
        raise DataError(f"{page} needs once, on lines of their own: {begin} and {end}")
    return text


def _arguments(task: str) -> Mapping[str, Argument]:
    return manifest_of(task).arguments


def _default(task: str, name: str) -> str:
    default = signature(TASKS[task]).parameters[name].default
    if default is None:  # how much is asked is not limited
        return "all" if _arguments(task)[name].role == "part" else "none"
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main() -> None:
    """Write the pages."""
    for path, text in pages().items():
        write_whole(path, text)


if __name__ == "__main__":
    try:
        main()
    except DataError as error:
        sys.exit(str(error))
