"""`valuegauge study topics`: what people write to models about, and who writes about what."""

from pathlib import Path

import click

from evals.cli.shared_options.findings import give_findings, out_folder, out_option, seed_option
from evals.cli.shared_options.prism import data_option, load_data, people_option


@click.command()
@data_option
@people_option
@click.option(
    "--model",
    default="tfidf",
    show_default=True,
    help="Embedding of texts: tfidf, or the folder or name of a sentence-transformers model "
    "(extra: prism).",
)
@click.option(
    "--smallest",
    type=click.IntRange(2),
    help="Prompts that a topic has at least. Default: 1 per cent of them, 5 or more.",
)
@click.option(
    "--name-with", help="Model that names topics, as Inspect names it. Default: names from words."
)
@click.option(
    "--least",
    default=20,
    show_default=True,
    type=click.IntRange(2),
    help="People that a group needs to be shown.",
)
@click.option(
    "--replicates",
    default=1_000,
    show_default=True,
    type=click.IntRange(20),
    help="Resamples of people for intervals.",
)
@click.option("--no-replies", is_flag=True, help="Embed no replies: there are no field sites then.")
@seed_option
@out_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def topics(
    data: str,
    people: int | None,
    model: str,
    smallest: int | None,
    name_with: str | None,
    least: int,
    replicates: int,
    no_replies: bool,
    seed: int,
    out: Path | None,
    as_json: bool,
) -> int:
    """What people write to models about on PRISM, and which groups write about what."""
    from evals.studies.topics.settings import TopicSettings
    from evals.studies.topics.study import study_facts, topic_findings

    folder = out_folder(out, "topics", data)
    prism = load_data(data, people, seed)
    settings = TopicSettings(
        model=model,
        smallest=smallest,
        name_with=name_with,
        least=least,
        replicates=replicates,
        replies=not no_replies,
        seed=seed,
    )
    found = list(topic_findings(prism, settings, folder / "logs"))
    facts = study_facts(prism, data, settings)
    give_findings(folder, facts, found, as_json)
    return 0
