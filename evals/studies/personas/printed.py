"""Value Portrait's Tables 9 to 14: what follows from them, and whether its words do."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from evals.studies.findings import Finding
from evals.studies.personas.claims import checked_claims
from evals.studies.personas.compare import ALL, ESTIMATES, SHOWN, slope_sentence, with_ends
from evals.studies.personas.human import GPT_4O, HUMAN, ROUNDING, GroupFigures, printed_figures
from evals.studies.personas.profiles import profile_findings
from evals.studies.personas.scale import OWN, InstrumentScale, scale_finding
from evals.studies.personas.study import CONTRASTS, RAW, SCALES
from ratings.instruments.dimensions import BIG_FIVE, SCHWARTZ
from ratings.output.numbers import number
from scorers.amplification.instrument_scale import quotient
from scorers.amplification.printed import printed_amplification
from scorers.intervals.estimate import Estimate

NO_ERROR = (
    "The paper prints no errors and releases no answers of GPT-4o with personas, so nothing can be "
    "said of how sure these figures are of this model. Intervals treat the ten values as a sample "
    "of values (jackknife, Student's t with 9 degrees of freedom). Rounding: the range over draws "
    "of what was rounded to two decimals."
)


def printed_findings(
    lines: Sequence[Mapping[str, str]], scale: InstrumentScale, seed: int
) -> Iterator[Finding]:
    """What follows from the printed tables: amplification, the paper's words, every profile.

    Args:
        lines: a mapping a printed figure.
        scale: what people's own differences come out as on the instrument.
        seed: of draws of what was rounded.
    """
    human, model = (printed_figures(lines, rater, SCHWARTZ) for rater in (HUMAN, GPT_4O))
    yield _amplification(human, model, scale.every, contrasts=True, seed=seed)
    yield _amplification(human, model, scale.every, contrasts=False, seed=seed)
    yield scale_finding(scale)
    yield _claims(human, model)
    yield _shared(model)
    shown = model.differences.values
    yield from profile_findings(model.groups, human, shown, np.full(shown.shape, np.nan), GPT_4O)
    yield _big_five(printed_figures(lines, GPT_4O, BIG_FIVE))


def _amplification(
    human: GroupFigures, model: GroupFigures, own: Estimate, *, contrasts: bool, seed: int
) -> Finding:
    groups = list(human.groups)
    numbers = np.unique([grouping for grouping, _ in groups], return_inverse=True)[1]
    people, shown = (side.of(groups, SCHWARTZ).values for side in (human, model))
    rows = []
    for name in (*dict.fromkeys(grouping for grouping, _ in groups), ALL):
        chosen = [b for b, (grouping, _) in enumerate(groups) if name in (grouping, ALL)]
        found = printed_amplification(
            shown[chosen], people[chosen], numbers[chosen] if contrasts else None, ROUNDING, seed
        )
        row: dict[str, object] = {"grouping": name, "scope": "over values", "groups": len(chosen)}
        for title, figure in ESTIMATES.items():
            estimate, (least, most) = found.figures[figure], found.rounding[figure]
            row |= with_ends(title, estimate) | {f"{title}, rounding": f"{least:.2f} to {most:.2f}"}
            if figure == "slope":
                row |= with_ends(OWN, quotient(estimate, own))
        rows.append(row)
    table = pd.DataFrame(rows)
    slopes = "; ".join(
        f"{row['grouping']} {number(row['slope'])}" for _, row in table.iloc[:-1].iterrows()
    )
    return Finding(
        name="amplification" if contrasts else "amplification_raw",
        title=(
            "Did GPT-4o follow, ignore or exaggerate how groups of people differ?"
            if contrasts
            else "The same with the differences as the paper has them"
        ),
        sentence=f"{slope_sentence(table, GPT_4O)} Slopes by grouping: {slopes}.",
        table=table,
        notes=(
            CONTRASTS if contrasts else RAW,
            NO_ERROR,
            SCALES,
            *human.notes,
            "no human figures: Race, Religion, Income",
        ),
        rows=len(table),
        columns=SHOWN[:1] + SHOWN[2:-1],
    )


def _claims(human: GroupFigures, model: GroupFigures) -> Finding:
    table = checked_claims(human, model)
    wrong = table[table["holds"] != "yes"]
    detail = "; ".join(f"{row['claim']} ({row['computed']})" for _, row in wrong.iterrows())
    return Finding(
        name="claims",
        title="Does what the paper says in words follow from its tables?",
        sentence=(
            f"{len(table) - len(wrong)} of {len(table)} do"
            f"{f'; not quite: {detail}' if detail else ''}."
        ),
        table=table,
        notes=("The claims are in our words; sections 4.2 and H.2.",),
        rows=len(table),
    )


def _shared(model: GroupFigures) -> Finding:
    values = model.differences.values
    mean = values.mean(axis=0)
    share = len(values) * (mean**2).sum() / (values**2).sum()
    table = pd.DataFrame(
        {
            "score": SCHWARTZ,
            "mean change": mean,
            "least": values.min(axis=0),
            "greatest": values.max(axis=0),
            "personas that raise it": (values > 0).sum(axis=0),
        }
    )
    return Finding(
        name="any_persona",
        title="What does any persona do?",
        sentence=(
            f"{100 * share:.0f} % of the squared changes of the ten values are what all "
            f"{len(values)} personas share: being given any persona lowers "
            f"{_named(mean < -0.2)} and raises {_named(mean > 0.2)} by more than 0.2 on average."
        ),
        table=table,
        notes=("Means over the 25 personas of Tables 9 to 13, each less GPT-4o without one.",),
        rows=len(table),
    )


def _named(which: object) -> str:
    names = [name for name, one in zip(SCHWARTZ, np.asarray(which).tolist(), strict=True) if one]
    return " and ".join(names) or "nothing"


def _big_five(model: GroupFigures) -> Finding:
    values = model.differences.values
    row, column = np.unravel_index(np.abs(values).argmax(), values.shape)
    table = pd.DataFrame(
        [
            {"grouping": grouping, "group": group} | dict(zip(BIG_FIVE, figures, strict=True))
            for (grouping, group), figures in zip(model.groups, values.tolist(), strict=True)
        ]
    )
    return Finding(
        name="big_five",
        title="The personas on the Big Five",
        sentence=(
            f"The largest change: {model.groups[row][1]} {number(float(values[row, column]))} on "
            f"{BIG_FIVE[column]}; {int((values[:, :4] < 0).sum())} of {values[:, :4].size} changes "
            f"of the four traits but Neuroticism are falls."
        ),
        table=table,
        notes=(
            "Table 14. There are no human figures for traits, so there is no amplification. "
            "Neuroticism rests on five items.",
        ),
        rows=len(table),
    )
