"""`valuegauge benchmarks`: what a model can be asked, with every argument."""

import inspect
import json
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from evals.cli.shared_options.completions import benchmark_names, completing
from ratings.errors import unknown_name
from ratings.output.console import make_console
from ratings.output.tables import Table
from scorers.scores.manifests import Manifest, manifests


@click.command()
@click.argument("names", metavar="[NAME]...", nargs=-1, shell_complete=completing(benchmark_names))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def benchmarks(names: tuple[str, ...], as_json: bool) -> None:
    """List the benchmarks with their arguments, or those that are named.

    A benchmark is run with `inspect eval benchmarks/NAME --model MODEL -T argument=value`.
    """
    known = manifests()
    for name in names:
        if name not in known:
            raise unknown_name("benchmark", name, known)
    found = [_as_json(known[name]) for name in (names or sorted(known))]
    if as_json:
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    console = make_console()
    for index, one in enumerate(found):
        if index:
            console.print()
        _print(one, console)


def _as_json(manifest: Manifest) -> dict[str, Any]:
    defaults = _defaults(manifest.name)
    return {
        "name": manifest.name,
        "title": manifest.title,
        "about": manifest.about,
        "command": f"inspect eval benchmarks/{manifest.name} --model MODEL",
        "comparability": manifest.comparability,
        "arguments": [
            {"name": name, "default": defaults[name], "what": argument.summary}
            for name, argument in manifest.arguments.items()
        ],
    }


def _defaults(name: str) -> dict[str, Any]:
    """The default of each argument of a task."""
    from benchmarks._registry import TASKS  # Inspect takes seconds to import

    return {
        parameter.name: parameter.default
        for parameter in inspect.signature(TASKS[name]).parameters.values()
        if parameter.default is not parameter.empty
    }


def _print(one: dict[str, Any], console: Console) -> None:
    console.print(Text.assemble((one["name"], "bold"), f": {one['title']}"))
    console.print(Text(one["about"]))
    console.print(Text(one["command"]), soft_wrap=True)
    table = Table(box=None, padding=(0, 2, 0, 2), show_edge=False)
    for head in ("-T argument", "default", "what"):
        table.add_column(head, overflow="fold")
    for argument in one["arguments"]:
        default = argument["default"]
        shown = "none" if default is None else str(default).lower()
        table.add_row(*map(Text, (f"{argument['name']}=", shown, argument["what"])))
    console.print(table)
