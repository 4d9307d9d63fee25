"""What each model is worth to each group, and what other rules choose."""

import numpy as np
import pandas as pd

from evals.studies.findings import Finding
from evals.studies.welfare.population import Population
from evals.studies.welfare.settings import WelfareSettings
from scorers.intervals.bootstrap import cluster_intervals, cluster_weights
from scorers.welfare.matrix import CHOICE, RATING, TITLES, group_worth, weighted_worth
from scorers.welfare.rules import RULES, VETO_BELOW
from scorers.welfare.sampling import (
    Uniforms,
    choice_shares,
    chosen_models,
    expected_worth,
    most_people,
)


def models(population: Population, settings: WelfareSettings) -> Finding:
    """Mean rating and mean choice of each model by group, with intervals."""
    parts = [_worths(population, kind, settings) for kind in (RATING, CHOICE)]
    table = parts[0].merge(parts[1], on=["group", "model"])
    everyone = table[table["group"].eq(population.stakeholders[0])].set_index("model")
    rating, choice = everyone[TITLES[RATING]], everyone[TITLES[CHOICE]]
    half = "no model reaches half" if choice.max() < 0.5 else "at least half"
    sentence = (
        f"{choice.idxmax()} has the highest MEANCHOICE of {len(everyone)} models, "
        f"{100 * choice.max():.1f}% ({half}); {rating.idxmax()} the highest MEANRATING, "
        f"{rating.max():.1f}."
    )
    return Finding(
        name=f"models_{population.name}".lower(),
        title=f"{population.name}: what is each model worth to {population.people} people?",
        sentence=sentence,
        table=table.sort_values(
            ["group", TITLES[RATING]], ascending=[True, False], ignore_index=True
        ),
        notes=("Means over the people of the group who saw the model; each counts once.",),
        columns=("group", "model", "MEANRATING", "MEANCHOICE", "people"),
    )


def rules(population: Population, settings: WelfareSettings) -> Finding:
    """Which models each rule chooses, and what that is worth."""
    ratings = population.matrices[RATING]
    members = population.members(population.stakeholders)
    vetoed = np.where(ratings.seen, ratings.worth < VETO_BELOW, np.nan)
    judged = {
        "MEANRATING": group_worth(ratings.worth, members)[0],
        "MEANCHOICE": group_worth(population.matrices[CHOICE].worth, members)[0],
        "share of vetoes": group_worth(vetoed, members)[0],
    }
    worths = np.stack(list(judged.values()))
    uniforms = Uniforms.of(
        settings.draws,
        most_people(population.schemes),
        len(ratings.models),
        np.random.default_rng(settings.seed),
    )
    rows = []
    for name, rule in RULES.items():
        worth = population.matrices[rule.kind].worth
        chosen = chosen_models(worth, population.masks, population.schemes, rule, uniforms)
        shares = choice_shares(chosen, len(ratings.models))
        for scheme, mine in zip(population.schemes, shares, strict=True):
            top = int(mine.argmax())
            rows.append(
                {
                    "rule": name,
                    "scheme": scheme,
                    "most often chosen": ratings.models[top],
                    "in draws": mine[top],
                    **dict(zip(judged, expected_worth(mine[None], worths)[0], strict=True)),
                }
            )
    table = pd.DataFrame(rows)
    base = table[table["scheme"].eq(population.plan.compared_with)].set_index("rule")
    named = ", ".join(f"{rule} {base.loc[rule, 'most often chosen']}" for rule in base.index)
    return Finding(
        name=f"rules_{population.name}".lower(),
        title=f"{population.name}: does the rule matter?",
        sentence=f"Of {population.plan.compared_with}, most often chosen: {named}.",
        table=table,
        notes=(
            f"veto: the model that fewest people of the draw score below {VETO_BELOW:g}, then the "
            f"highest mean rating. share of vetoes: of the people who rated the chosen model.",
            "Worth is to everyone, choosers and judges the same people; no interval, see outcomes.",
        ),
        rows=len(table),
    )


def _worths(population: Population, kind: str, settings: WelfareSettings) -> pd.DataFrame:
    matrix = population.matrices[kind]
    members = population.members(population.stakeholders)
    value = group_worth(matrix.worth, members)
    counts = members.astype(np.intp) @ matrix.seen.astype(np.intp)
    drawn = cluster_weights(len(matrix.people), settings.seed, settings.replicates)
    title = TITLES[kind]
    parts = []
    for g, group in enumerate(population.stakeholders):
        again = weighted_worth(matrix.worth, drawn * members[g])
        low, high = cluster_intervals(value[g], again, counts[g])
        columns = {title: value[g], f"{title} low": low, f"{title} high": high}
        columns |= {"people": counts[g]} if kind == RATING else {}
        parts.append(pd.DataFrame({"group": group, "model": matrix.models, **columns}))
    return pd.concat(parts, ignore_index=True)
