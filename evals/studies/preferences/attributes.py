"""What people say matters to them, against what decided their choices."""

from functools import partial

import pandas as pd
from matplotlib.axes import Axes

from evals.studies.findings import Finding
from evals.studies.preferences.draw import draw_estimates
from evals.studies.preferences.settings import PreferenceSettings
from evals.studies.preferences.tidy import tidy
from ratings.output.numbers import number
from ratings.prism.container import Prism
from scorers.preferences.explanation.attributes import (
    attribute_correlations,
    attribute_distributions,
    people_with_other,
    person_attributes,
)

SIGNIFICANT = 0.05


def stated(prism: Prism, settings: PreferenceSettings) -> Finding:
    """Correlations of stated and contextual preferences over people (Figure 9)."""
    found = attribute_correlations(
        person_attributes(prism.survey, prism.conversations),
        settings.seed,
        replicates=settings.replicates,
    )
    table = tidy(found.same).rename(columns={"value": "correlation", "p_holm": "p Holm"})
    table = table.rename(columns={f"value {end}": f"correlation {end}" for end in ("low", "high")})
    with_choice = table[table["stages"].eq("stated and choice")]
    sure = with_choice[with_choice["p Holm"] < SIGNIFICANT]
    between = table.loc[table["stages"].eq("performance and choice"), "correlation"]
    return Finding(
        name="stated_and_choice",
        title="Do people choose by what they say matters?",
        sentence=f"What people state correlates with what decided their choices at "
        f"{_span(with_choice['correlation'])} ({len(sure)} of {len(with_choice)} attributes sure "
        f"after Holm's correction); how well a model did on an attribute and how much it decided "
        f"the choice correlate at {_span(between)}.",
        table=table,
        notes=(
            f"{found.method.capitalize()} correlations over people; a person's ratings of "
            f"conversations are averaged first.",
        ),
        draw=partial(_draw, value=found.value),
        size=(8, 7),
        rows=len(table),
    )


def distributions(prism: Prism, settings: PreferenceSettings) -> Finding:
    """How attributes are rated before and after conversations (Figure 10)."""
    table = tidy(
        attribute_distributions(
            prism.survey, prism.conversations, settings.seed, settings.replicates
        )
    )
    before = table[table["stage"].eq("stated") & table["attribute"].ne("other")]
    known = before.dropna(subset="value").sort_values("value").to_dict("records")
    sentence = "Nobody states what matters to them."
    if known:
        sentence = (
            f"Stated to matter most: {known[-1]['attribute']} (mean {known[-1]['value']:.0f} of "
            f"100); least: {known[0]['attribute']} ({known[0]['value']:.0f})."
        )
    return Finding(
        name="attributes",
        title="What do people say matters?",
        sentence=f"{sentence} People who wrote of another attribute: "
        f"{len(people_with_other(prism.survey))}.",
        table=table,
        draw=partial(
            draw_estimates,
            names=table["stage"] + ": " + table["attribute"],
            table=table,
            column="value",
            what="mean rating, points",
        ),
        size=(7, 5.5),
        columns=("stage", "attribute", "value", "people", "sd", "not_applicable"),
        rows=len(table),
    )


def _span(values: "pd.Series[float]") -> str:
    """From the least to the greatest of some correlations."""
    if values.isna().all():
        return "no known value"
    return f"{number(values.min())} to {number(values.max())}"


def _draw(axes: Axes, value: pd.DataFrame) -> None:
    names = [f"{stage}: {attribute}" for stage, attribute in value.index]
    image = axes.imshow(value.to_numpy(), cmap="RdBu_r", vmin=-1, vmax=1)
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=6)
    axes.set_yticks(range(len(names)), names, fontsize=6)
    axes.figure.colorbar(image, ax=axes, label="correlation over people", shrink=0.8)
