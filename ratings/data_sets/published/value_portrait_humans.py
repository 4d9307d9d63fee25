"""People's ratings of the items of Value Portrait, with their questionnaire scores."""

from ratings.data_sets.data_set import DataSet
from ratings.instruments.dimensions import BIG_FIVE, SCHWARTZ
from ratings.instruments.value_portrait import load_human_ratings, load_instrument
from ratings.table import RatingTable

TASK = (
    "A rater reads what somebody wrote and a response to it, and says how similar the response is "
    "to the rater's own thoughts."
)
DESCRIPTIONS = {
    "Universalism": "understanding, tolerance and protection of all people and of nature",
    "Benevolence": "helping, forgiving and being loyal to the people close to oneself",
    "Conformity": "restraint, obedience, politeness, not upsetting others or rules",
    "Tradition": "respect for the customs of culture and religion, modesty, devotion",
    "Security": "safety, order and stability of family, society and oneself, health",
    "Power": "status, wealth, authority, control over people and resources",
    "Achievement": "success, ambition, showing competence, being admired",
    "Hedonism": "pleasure, fun, enjoying life, spoiling oneself",
    "Stimulation": "excitement, adventure, novelty, risk, surprise",
    "Self-Direction": "independent thought and action, creativity, freedom, curiosity",
    "Openness": "imagination, art, new ideas",
    "Conscientiousness": "thoroughness, diligence, order",
    "Extraversion": "being outgoing, sociable, not reserved",
    "Agreeableness": "trust in others, not finding fault, kindness",
    "Neuroticism": "nervousness, worry, stress",
}


def load_value_portrait_humans(data: str = "official") -> DataSet:
    """The human ratings, official or of the sample: six choices, PVQ-21 and BFI-10 as measured.

    Raises:
        DataError: when files are missing, changed or do not fit each other.
    """
    table = load_human_ratings(data)
    items = table.instances
    texts = [
        "\n".join(filter(None, (title, text, f"Response: {response}")))
        for title, text, response in zip(
            items["title"], items["text"], items["response"], strict=True
        )
    ]
    raters = table.raters[[*SCHWARTZ, *BIG_FIVE]]
    instances = items.assign(text=texts)[["text", "response", "query"]]
    return DataSet(
        name="value_portrait_humans" + ("" if data == "official" else f"_{data}"),
        table=RatingTable.from_positions(
            table.positions(), raters=raters, instances=instances, choices=table.choices
        ),
        task=TASK,
        ordered=True,
        measured={"pvq_21": SCHWARTZ, "bfi_10": BIG_FIVE},
        descriptions=DESCRIPTIONS,
        groups="query",
        card=load_instrument(data).card,
    )
