"""The tables of PRISM's participants: appendices F to J and M, Tables 5 to 21.

Kirk et al. (2024), The PRISM alignment dataset. The figures are those that the authors' notebooks
printed, which the paper rounds. Without the raw files, the printed figures are compared with each
other, with the codebook, and with what our tables say of people made from the printed counts; with
the raw files, every figure is computed.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from evals.studies.findings import Finding
from evals.studies.participants import conversations, people, use
from evals.studies.participants.flags import EVERY, HUMAN, MODEL, flag_findings
from evals.studies.participants.prior_work import compared_with_prior_work
from evals.studies.participants.registry import read_registry
from evals.studies.participants.settings import ParticipantSettings
from evals.studies.participants.texts import PER_REPLY, lengths, ngrams, prism_texts
from ratings.prism.codebook import METADATA, PREFER_NOT, SURVEY, USE_CASES, typed
from ratings.prism.container import Prism
from ratings.prism.prism import PARTS, load_prism
from ratings.sources.cards import load_card
from ratings.sources.fetch import verify

PEOPLE, TALKERS, TALKS, TURNS, REPLIES, MODELS = 1_500, 1_396, 8_011, 27_172, 68_371, 21
PUBLISHED_COST = 14_850
# The codebook: who was born and lives in the same country, and who preferred not to say.
SAME, MOVED, UNSAID = 1_320, 177, 3
PRINTED_MOVED, BORN_IN, LIVE_IN = 179, 75, 38  # which take "Prefer not to say" for a country
FEW = ParticipantSettings(replicates=100)

# Answers, how many people gave them and the printed percentage.
TABLE_5 = {
    "age": """25-34 years old 454 30.3; 18-24 years old 297 19.8; 35-44 years old 237 15.8;
        45-54 years old 208 13.9; 55-64 years old 197 13.1; 65+ years old 106 7.1;
        Prefer not to say 1 0.1""",
    "gender": """Male 757 50.5; Female 718 47.9; Non-binary / third gender 21 1.4;
        Prefer not to say 4 0.3""",
    "ethnicity_categorised": """White 969 64.6; Black / African 122 8.1; Hispanic / Latino 121 8.1;
        Asian 95 6.3; Mixed 68 4.5; Middle Eastern / Arab 14 0.9; Indigenous / First Peoples 8 0.5;
        Other 17 1.1; Prefer not to say 86 5.7""",
    "religion_categorised": """Non-religious 762 50.8; Christian 487 32.5; Agnostic 71 4.7;
        Jewish 42 2.8; Muslim 31 2.1; Spiritual 18 1.2; Buddhist 12 0.8; Folk religion 6 0.4;
        Hindu 5 0.3; Sikh 3 0.2; Other 4 0.3; Prefer not to say 59 3.9""",
    "employment_status": """Working full-time 712 47.5; Working part-time 265 17.7;
        Student 191 12.7; Unemployed, seeking work 113 7.5; Retired 104 6.9;
        Homemaker / Stay-at-home parent 46 3.1; Unemployed, not seeking work 46 3.1;
        Prefer not to say 23 1.5""",
    "education": """University Bachelors Degree 637 42.5; Graduate / Professional degree 241 16.1;
        Some University but no degree 236 15.7; Completed Secondary School 209 13.9;
        Vocational 125 8.3; Some Secondary 24 1.6; Completed Primary School 16 1.1;
        Some Primary 3 0.2; Prefer not to say 9 0.6""",
    "marital_status": """Never been married 870 58.0; Married 463 30.9;
        Divorced / Separated 123 8.2; Widowed 21 1.4; Prefer not to say 23 1.5""",
    "english_proficiency": """Native speaker 886 59.1; Fluent 405 27.0; Advanced 160 10.7;
        Intermediate 42 2.8; Basic 7 0.5""",
    "location_special_region": """US 338 22.5; Europe 313 20.9; UK 292 19.5;
        Latin America and the Caribbean 146 9.7; Australia and New Zealand 129 8.6; Africa 118 7.9;
        Asia 60 4.0; Northern America 50 3.3; Middle East 50 3.3; Oceania 1 0.1;
        Prefer not to say 3 0.2""",
}
# Table 8: people born in a country and living there.
TABLE_8 = """United States 338 386; United Kingdom 292 340; South Africa 91 86; Mexico 69 67;
Australia 65 72; New Zealand 64 77; Chile 63 65; Canada 50 54; Israel 47 61; Nigeria 19 0;
Spain 19 18; Germany 17 13; Belgium 17 17; Hungary 17 16; Poland 17 14; Ireland 17 15; Latvia 16 14;
Denmark 15 15; Czechia 15 14; Norway 15 15; France 14 12; Italy 14 13; Greece 14 13;
Switzerland 14 14; Finland 12 13; Estonia 11 10; Austria 11 10; Slovenia 10 10; Netherlands 9 8;
India 9 0; Japan 9 11; Korea, Republic of 9 7; Portugal 8 7; Romania 7 0; Philippines 7 0;
Sweden 7 6; Russian Federation 6 0; Ukraine 4 0; Bangladesh 4 0; China 4 0; Hong Kong 3 0;
Pakistan 3 0; Ghana 3 0; Dominican Republic 3 0; Venezuela, Bolivarian Republic of 3 0;
Indonesia 3 0; Viet Nam 2 0; Sri Lanka 2 0; Türkiye 2 0; Argentina 2 0; Kazakhstan 2 0;
Slovakia 1 0; Sudan 1 0; Tonga 1 0; Afghanistan 1 0; Nepal 1 0; Honduras 1 0; Belarus 1 0;
Bosnia and Herzegovina 1 0; Brazil 1 0; Bulgaria 1 0; Colombia 1 0; Cuba 1 0; Côte d'Ivoire 1 0;
Malaysia 1 0; Guyana 1 0; Iceland 1 1; Jamaica 1 0; Kenya 1 0; Kuwait 1 0; Lithuania 1 0;
Luxembourg 1 2; Malawi 1 0; Zambia 1 0; Tanzania, United Republic of 0 1; Lesotho 0 1; Uruguay 0 1;
Prefer not to say 3 1"""
REGIONS = {
    "US": "United States",
    "UK": "United Kingdom",
    "Latin America and the Caribbean": """Mexico; Chile; Dominican Republic;
        Venezuela, Bolivarian Republic of; Argentina; Honduras; Brazil; Colombia; Cuba; Guyana;
        Jamaica; Uruguay""",
    "Australia and New Zealand": "Australia; New Zealand",
    "Africa": """South Africa; Nigeria; Ghana; Sudan; Côte d'Ivoire; Kenya; Malawi; Zambia;
        Tanzania, United Republic of; Lesotho""",
    "Asia": """India; Japan; Korea, Republic of; Philippines; Bangladesh; China; Hong Kong;
        Pakistan; Indonesia; Viet Nam; Sri Lanka; Kazakhstan; Afghanistan; Nepal; Malaysia""",
    "Northern America": "Canada",
    "Middle East": "Israel; Türkiye; Kuwait",
    "Oceania": "Tonga",
    PREFER_NOT: PREFER_NOT,
}
TABLE_9 = {
    "lm_direct_use": "Yes 1162 77.5; No 259 17.3; Unsure 79 5.3",
    "lm_indirect_use": "Yes 1104 73.6; No 215 14.3; Unsure 181 12.1",
    "lm_familiarity": """Somewhat familiar 920 61.3; Very familiar 424 28.3;
        Not familiar at all 156 10.4""",
    "lm_frequency_use": """Once per month 374 24.9; Every week 316 21.1;
        More than once a month 291 19.4; Less than one a year 162 10.8; Every day 110 7.3""",
}
ASKED = 1_253
USES = """research 617 49.2; professional_work 469 37.4; creative_writing 392 31.3;
technical_or_programming_help 337 26.9; lifestyle_and_hobbies 310 24.7;
homework_assistance 286 22.8; personal_recommendations 266 21.2; casual_conversation 262 20.9;
language_learning 229 18.3; source_suggestions 217 17.3; daily_productivity 216 17.2;
historical_or_news_insight 183 14.6; well-being_guidance 159 12.7; games 143 11.4;
travel_guidance 133 10.6; medical_guidance 130 10.4; financial_guidance 107 8.5;
relationship_advice 98 7.8; other 124 9.9"""
# Table 10: approved people, fluent speakers of English, those born where they live, cost.
STUDIES = """US 386 38114 36205 3821.40; UK 341 37408 33678 3375.90;
South Africa 88 7061 6584 871.20;
New Zealand 77 511 389 762.30; Australia 71 1968 1550 702.90; Mexico 69 2021 1943 683.10;
Chile 65 455 416 643.50; Israel 61 310 272 603.90; Canada 54 3687 3031 534.60;
Asia 18 196 32 178.20; Spain 18 1252 942 178.20; Belgium 17 376 281 168.30;
Hungary 16 537 456 158.40; Ireland 15 640 502 148.50; Denmark 15 119 65 148.50;
Norway 15 91 59 148.50; Switzerland 14 205 104 138.60; Poland 14 2975 2850 138.60;
Czech Republic 14 238 229 138.60; Latvia 14 173 162 138.60; Greece 14 809 747 138.60;
Finland 13 152 117 128.70; Germany 13 3152 2295 128.70; Italy 12 2037 1857 118.80;
France 12 957 681 118.80; Slovenia 10 232 220 99.00; Austria 10 231 156 99.00;
Estonia 10 251 237 99.00; Netherlands 8 1460 1028 79.20; Portugal 7 3649 3284 69.30;
Sweden 6 274 196 59.40; Luxembourg 2 15 6 19.80; Iceland 1 16 11 9.90"""
# By kind of text: English, personal details, moderation, texts.
FLAGS = """user_prompt 26545 66 454 27172; model_response 67715 944 162 68371;
self_description 1496 10 7 1500; system_string 1493 16 0 1500; open_feedback 7980 75 11 8011"""
OVERALL = (105_229, 1_111, 634, 106_554)
# Categories of moderation: texts by people and by models, and printed percentages.
MODERATION = """sexual 21 11 0.05 0.02; hate 154 36 0.40 0.05; harassment 387 127 1.01 0.19;
self-harm 24 8 0.06 0.01; sexual/minors 4 4 0.01 0.01; hate/threatening 17 2 0.04 0.00;
self-harm/intent 26 5 0.07 0.01; self-harm/instructions 13 8 0.03 0.01;
harassment/threatening 33 7 0.09 0.01; violence 52 13 0.14 0.02"""
LANGUAGES = {
    HUMAN: "en 37514; es 175; fr 71; it 70; de 60; nl 42; pt 41; pl 34; da 24; ro 13; Other 139",
    MODEL: "en 67715; es 236; de 67; fr 63; la 43; nl 37; it 29; sl 19; hu 15; sv 14; Other 133",
}
# Table 11 by the notebook: texts, mean, standard deviation, extremes and distinct words.
TABLE_11 = {
    "system_string": (1_500, 45.764667, 50.426519, 2, 1_655, 7_942),
    "self_description": (1_500, 44.229333, 24.736707, 1, 278, 6_912),
    "open_feedback": (8_011, 28.933342, 19.192378, 1, 283, 15_444),
    PER_REPLY: (68_371, 13.062556, 11.372812, 1, 234, 31_862),
    "model_response": (68_371, 89.120036, 59.974469, 1, 742, 215_931),
}
# Tables 12, 13, 16, 18 and 20: the first of one, two and three words.
NGRAMS = {
    "system_string": (("ai", 1_503), ("the ai", 798), ("the ai should", 260)),
    "self_description": (("people", 701), ("to be", 589), ("i believe in", 223)),
    "open_feedback": (("ai", 2_263), ("it was", 1_778), ("it was a", 273)),
    PER_REPLY: (("think", 8_005), ("do you", 8_767), ("do you think", 5_137)),
    "model_response": (("may", 19_582), ("of the", 21_744), ("its important to", 6_857)),
}


def rows(printed: str, numbers: int) -> dict[str, list[float]]:
    """Rows parted by semicolons: a name and numbers."""
    parts = [row.split() for row in printed.split(";")]
    return {" ".join(row[:-numbers]): [float(x) for x in row[-numbers:]] for row in parts}


def answers(printed: str) -> dict[str, int]:
    return {name: int(count) for name, (count, _) in rows(printed, 2).items()}


def made(counts: dict[str, int], people: int = PEOPLE) -> pd.Series:
    """Answers of people of whom so many gave each; the others none."""
    given = [name for name, count in counts.items() for _ in range(count)]
    return pd.Series([*given, *[None] * (people - len(given))], dtype=object)


@pytest.fixture(scope="module")
def survey() -> pd.DataFrame:
    """People whose answers have the printed counts, each question by itself."""
    columns = {name: made(answers(text)) for name, text in {**TABLE_5, **TABLE_9}.items()}
    born, lives = ({n: int(c[k]) for n, c in rows(TABLE_8, 2).items()} for k in (0, 1))
    columns["location_birth_country"] = made(born)
    columns["location_reside_country"] = made(lives)
    columns["study_locale"] = made({n: int(c[0]) for n, c in rows(STUDIES, 4).items()})
    columns["generated_datetime"] = pd.Series(pd.Timestamp("2023-11-22"), range(PEOPLE))
    ticked = rows(USES, 2)
    for name in USE_CASES:
        ticks = np.arange(PEOPLE) < ticked[name][0]
        columns[f"lm_usecases_{name}"] = pd.Series(ticks.astype(float)).where(
            np.arange(PEOPLE) < ASKED
        )
    columns["lm_usecases_other_text"] = made({"other": 124})
    return pd.DataFrame(columns)


def test_the_answers_to_each_question_add_up():
    for column, text in {**TABLE_5, **TABLE_9}.items():
        asked = ASKED if column == "lm_frequency_use" else PEOPLE
        assert sum(answers(text).values()) == asked, column
        for count, printed in rows(text, 2).values():
            assert round(100 * count / PEOPLE + 1e-9, 1) == printed, (column, count)
    for count, printed in rows(USES, 2).values():
        assert round(100 * count / ASKED, 1) == printed
    assert PEOPLE - ASKED == SURVEY["lm_frequency_use"].missing == 247
    # Table 5 prints 122 Hispanic people, with whom there would be 1,501
    assert sum(answers(TABLE_5["ethnicity_categorised"]).values()) + 1 == PEOPLE + 1


def test_the_codebook_has_the_answers_of_the_tables_most_frequent_first():
    for column, text in {**TABLE_5, **TABLE_9}.items():
        counts = answers(text)
        listed = SURVEY[column].categories
        assert set(listed) == set(counts), column
        in_order = [counts[name] for name in listed]
        assert in_order == sorted(in_order, reverse=True), column


def test_countries_and_regions_of_birth_agree():
    table = rows(TABLE_8, 2)
    born, lives = ({name: int(row[k]) for name, row in table.items()} for k in (0, 1))
    assert sum(born.values()) == sum(lives.values()) == PEOPLE
    assert sum(count > 0 for count in born.values()) == BORN_IN
    assert sum(count > 0 for count in lives.values()) == LIVE_IN
    regions = answers(TABLE_5["location_special_region"])
    elsewhere = set(born)
    for region, names in REGIONS.items():
        members = {" ".join(name.split()) for name in names.split(";")}
        assert members <= elsewhere
        elsewhere -= members
        assert sum(born[name] for name in members) == regions[region], region
    assert sum(born[name] for name in elsewhere) == regions["Europe"]


def test_two_of_those_who_are_printed_to_have_moved_did_not_say():
    assert SAME + MOVED + UNSAID == PEOPLE
    assert round(100 * PRINTED_MOVED / PEOPLE, 2) == 11.93
    # of three who did not say where they were born, one did not say where they live either
    born, lives = rows(TABLE_8, 2)[PREFER_NOT]
    assert (born, lives) == (UNSAID, 1)
    assert born - lives == PRINTED_MOVED - MOVED


def test_recruitment_adds_up():
    studies = np.array(list(rows(STUDIES, 4).values()))
    assert len(studies) == 33
    assert studies[:, :3].sum(axis=0).tolist() == [PEOPLE, 111_572, 100_585]
    assert studies[:, 3].sum() == pytest.approx(PUBLISHED_COST)
    assert studies[:, 3] == pytest.approx(people.COST * studies[:, 0])


def test_people_conversations_turns_and_models_agree():
    assert pytest.approx(TALKS, abs=1e-3) == TALKERS * 5.738539
    assert pytest.approx(TURNS, abs=5e-3) == TALKS * 3.391836
    assert TALKS == 3_113 + 2_438 + 2_460
    # conversations of models: 30,049 pairs of a conversation and a model in it
    assert pytest.approx(30_049, abs=1e-4) == MODELS * 1430.904762
    # raters of models and models of raters are the same pairs
    assert pytest.approx(19_410, abs=1e-4) == MODELS * 924.285714
    assert pytest.approx(19_410, abs=1e-2) == TALKERS * 13.904011


def test_flags_add_up_over_kinds_of_texts():
    flags = np.array(list(rows(FLAGS, 4).values())).astype(int)
    assert tuple(flags.sum(axis=0)) == OVERALL
    by_kind = dict(zip(rows(FLAGS, 4), flags, strict=True))
    assert [row[2] for row in by_kind.values()] == [454, 162, 7, 0, 11]
    texts = {name: int(row[3]) for name, row in by_kind.items()}
    assert (texts["model_response"], texts["user_prompt"]) == (REPLIES, TURNS)
    human = OVERALL[3] - REPLIES
    assert human == METADATA["utterance_id"].missing == 38_183
    assert METADATA["conversation_id"].missing == 2 * PEOPLE
    assert METADATA["interaction_id"].missing == 2 * PEOPLE + TALKS
    # only what people wrote and a tool flagged was looked at by hand
    checked = OVERALL[1] - by_kind["model_response"][1]
    assert checked == OVERALL[3] - int(METADATA["pii_manual_flag"].missing or 0) == 167
    # shares that another notebook prints
    assert (OVERALL[2] - 162) / human == pytest.approx(0.012362, abs=5e-7)
    assert pytest.approx(0.002369, abs=5e-7) == 162 / REPLIES
    assert set(by_kind) == set(METADATA["column_id"].categories)


def test_categories_of_moderation_and_languages_add_up():
    human, model = OVERALL[3] - REPLIES, REPLIES
    for people_n, models_n, of_people, of_models in rows(MODERATION, 4).values():
        assert round(100 * people_n / human, 2) == of_people
        assert round(100 * models_n / model, 2) == of_models
    # a text can have several, and each flagged text has one
    table = np.array(list(rows(MODERATION, 4).values()))
    assert table[:, 0].sum() >= OVERALL[2] - 162
    assert table[:, 1].sum() >= 162
    for part, size in ((HUMAN, human), (MODEL, model)):
        assert sum(count for (count,) in rows(LANGUAGES[part], 1).values()) == size


def test_prompts_count_once_for_each_reply_in_tables_11_and_12():
    """There are 27,172 prompts; the table's 68,371 are those of the replies."""
    assert TABLE_11[PER_REPLY][0] == REPLIES != TURNS


def shares(found: Finding, question: str) -> dict[str, tuple[int, float]]:
    part = found.table[found.table["question"].eq(question)]
    numbers = zip(part["people"], 100 * part["share of all"], strict=True)
    return dict(zip(part["answer"], ((n, round(s + 1e-9, 1)) for n, s in numbers), strict=True))


def test_our_tables_of_people_with_the_printed_answers(survey: pd.DataFrame):
    demographics, familiarity = people.demographics(survey), use.familiarity(survey)
    for column, text in {**TABLE_5, **TABLE_9}.items():
        title = {**people.DEMOGRAPHICS, **use.QUESTIONS}[column]
        found = demographics if column in TABLE_5 else familiarity
        printed = {name: (int(n), share) for name, (n, share) in rows(text, 2).items()}
        assert shares(found, title) == printed
    uses = use.use_cases(survey).table
    found = zip(uses["use"], uses["people"], (100 * uses["share"]).round(1), strict=True)
    assert {name: [n, share] for name, n, share in found} == {
        name.replace("_", " "): row for name, row in rows(USES, 2).items()
    }
    countries = people.geography(survey)
    table = countries.table.set_index("country")[["people born", "people living"]]
    assert {name: row.tolist() for name, row in table.iterrows()} == rows(TABLE_8, 2)
    assert countries.sentence.startswith("People were born in 74 countries and live in 37;")
    assert f"{BORN_IN} countries of birth, {LIVE_IN} of residence" in countries.notes[0]
    costs = people.recruitment(survey).table.set_index("recruited in")["cost in pounds"]
    assert costs.to_dict() == {name: row[3] for name, row in rows(STUDIES, 4).items()}


# As the registry has them: Table 21 prints Aleph Alpha.
PROVIDERS = """Aleph 2 Commercial; Anthropic 3 Commercial; Cohere 3 Commercial;
Google 1 Commercial; HuggingFace-API 9 Open Access; OpenAI 3 Commercial"""


def test_the_registry_of_models(mirror: Path):
    path = mirror / "prism/data/models.jsonl"
    if not path.is_file():
        pytest.skip(f"needs {path}")
    table = read_registry(path)
    assert len(table) == MODELS
    kinds = table["provider is"].value_counts().to_dict()
    assert kinds == {"Commercial": 12, "Open Access": 9}
    counts = table.groupby(["provider", "provider is"]).size()
    found = "; ".join(f"{name} {count} {kind}" for (name, kind), count in counts.items())
    assert found == PROVIDERS.replace("\n", " ")
    command = table.set_index("model").loc["command"]
    assert {"temperature 1.0", "max_tokens 256"} <= set(command["decoding"].split(", "))


# Table 6 and 7: PRISM's own column, in which some are sums of rounded figures.
OURS = """Male 50.5; Female 47.9; Non-binary 1.4; 18-24 19.8; 25-34 30.3; 35-44 15.8; 45-54 13.9;
55-64 13.1; 65+ 7.1; White 64.6; Asian 6.3; Black 8.1; Hispanic 8.1; Native American 0.5;
Middle Eastern 0.9; No university degree 40.8; Undergraduate degree 42.5; Graduate degree 16.1;
United States 26; United Kingdom 23; Philippines 0; Bangladesh 0"""


def test_our_column_of_the_comparison_with_earlier_studies(survey: pd.DataFrame):
    table = compared_with_prior_work(survey).table
    found = (100 * table.set_index("group")["share"]).to_dict()
    for group, (printed,) in rows(OURS, 1).items():
        assert found[group] == pytest.approx(printed, abs=0.5 if group.startswith("Un") else 0.1)
    for study in ("Bai", "Ouyang", "Glaese", "Ganguli", "Stiennon"):
        for question in ("gender", "age", "ethnicity", "education"):
            total = table[table["question"].eq(question)][study].sum()
            # 0.98 to 1.02 by rounding; Ouyang and Stiennon do not report every group
            assert total == pytest.approx(1, abs=0.02) or study in ("Ouyang", "Stiennon")


def test_our_tables_of_texts_with_the_printed_flags():
    parts = []
    for kind, (english, personal, flagged, texts) in rows(FLAGS, 4).items():
        at = np.arange(int(texts))
        parts.append(
            pd.DataFrame(
                {
                    "column_id": kind,
                    "user_id": (at % PEOPLE).astype(str),
                    "en_flag": at < english,
                    "pii_flag": at < personal,
                    "pii_manual_flag": np.where(
                        (at < personal) & (kind != "model_response"), 0.0, np.nan
                    ),
                    "language_flag": np.where(at < english, "en", "es"),
                    "moderation_flag": [
                        {"flagged": n < flagged, "categories": {"hate": n < flagged}} for n in at
                    ],
                }
            )
        )
    frame = pd.concat(parts, ignore_index=True)
    frame["column_id"] = typed(frame[["column_id"]], {"column_id": METADATA["column_id"]})[
        "column_id"
    ]
    flags = next(flag_findings(frame, FEW)).table.set_index(["texts are", "flag"])
    every = flags.loc[EVERY]
    assert every["flagged"].tolist() == [OVERALL[0], OVERALL[1], 0, OVERALL[2]]
    assert every["share"].round(6).tolist() == [0.987565, 0.010427, 0, 0.005950]
    assert every.loc["personal details, checked by hand", "texts"] == 167
    for kind, (english, personal, flagged, texts) in rows(FLAGS, 4).items():
        mine = flags.loc[kind]
        assert mine["flagged"].tolist() == [english, personal, 0, flagged]
        assert mine.loc["moderation", "texts"] == texts
    assert flags.loc[(HUMAN, "moderation"), "share"] == pytest.approx(0.012362, abs=5e-7)
    assert flags.loc[(MODEL, "moderation"), "share"] == pytest.approx(0.002369, abs=5e-7)


@pytest.fixture(scope="module")
def published() -> Prism:
    card = load_card("prism")
    if any(one.state != "good" for one in verify(card, [*PARTS, "mappings"])):
        pytest.skip("needs the raw files of PRISM in VALUEGAUGE_DATA/prism")
    return load_prism(parts=PARTS)


def test_raw_demographics_geography_and_use(published: Prism):
    demographics = people.demographics(published.survey)
    familiarity = use.familiarity(published.survey)
    for column, text in {**TABLE_5, **TABLE_9}.items():
        title = {**people.DEMOGRAPHICS, **use.QUESTIONS}[column]
        found = demographics if column in TABLE_5 else familiarity
        printed = {name: (int(n), share) for name, (n, share) in rows(text, 2).items()}
        assert shares(found, title) == printed
    countries = people.geography(published.survey)
    table = countries.table.set_index("country")[["people born", "people living"]]
    assert {name: row.tolist() for name, row in table.iterrows()} == rows(TABLE_8, 2)
    assert f"{MOVED} (11.8%" in countries.sentence
    assert f"and {PRINTED_MOVED} people" in countries.notes[0]
    assert people.who(published).table["people"].tolist() == [
        PEOPLE, TALKERS, PEOPLE - TALKERS, 1_246, 243, 230,
    ]  # fmt: skip


def test_raw_conversations_and_models(published: Prism):
    table = conversations.conversations(published, FEW).table.set_index("what")
    columns = ["mean", "sd", "min", "max"]
    assert table.loc["conversations of a person", columns].tolist() == pytest.approx(
        [5.738539, 0.979579, 1, 7], abs=5e-7
    )
    assert table.loc["models that a person rated", columns].tolist() == pytest.approx(
        [13.904011, 2.454038, 2, 19], abs=5e-7
    )
    assert table.loc["turns of a conversation", columns].tolist() == pytest.approx(
        [3.391836, 1.578513, 2, 22], abs=5e-7
    )
    models = conversations.models(published, FEW).table
    assert models["conversations"].agg(["mean", "std", "min", "max"]).tolist() == pytest.approx(
        [1430.904762, 171.145414, 808, 1567], abs=5e-7
    )
    assert models["raters"].agg(["mean", "std", "min", "max"]).tolist() == pytest.approx(
        [924.285714, 94.406993, 554, 995], abs=5e-7
    )
    types = conversations.types(published, FEW).table.set_index("type")["conversations"]
    assert types.to_dict() == {
        "unguided": 3_113, "values guided": 2_460, "controversy guided": 2_438,
    }  # fmt: skip


def test_raw_texts(published: Prism):
    texts = prism_texts(published)
    table = lengths(texts, FEW).table.set_index("text")
    names = ["n", *(f"released {part}" for part in ("mean", "sd", "min", "max", "distinct"))]
    for kind, printed in TABLE_11.items():
        assert table.loc[kind, names].tolist() == pytest.approx(printed, abs=5e-7), kind
    assert table.loc["user_prompt", "n"] == TURNS
    # NLTK parts a few words that punctuation or white space does not
    found = ngrams(texts, FEW).table
    for kind, printed in NGRAMS.items():
        first = found[found["text"].eq(kind)].drop_duplicates("kind")
        assert first["n-gram"].tolist() == [name for name, _ in printed]
        assert first["times"].tolist() == pytest.approx([n for _, n in printed], rel=0.01)


def test_raw_flags_and_languages(published: Prism):
    assert published.metadata is not None
    flags, moderation, languages = (one.table for one in flag_findings(published.metadata, FEW))
    flags = flags.set_index(["texts are", "flag"])["flagged"]
    for kind, (english, personal, flagged, _) in rows(FLAGS, 4).items():
        assert flags[kind].tolist() == [english, personal, 0, flagged]
    accused = moderation.set_index(["texts are", "category"])["flagged"]
    for category, (by_people, by_models, *_) in rows(MODERATION, 4).items():
        assert (accused[HUMAN, category], accused[MODEL, category]) == (by_people, by_models)
    for part, count in ((EVERY, 59), (HUMAN, 43), (MODEL, 48)):
        assert languages["texts are"].eq(part).sum() == count
    for part in (HUMAN, MODEL):
        written = languages[languages["texts are"].eq(part)].set_index("language")["in it"]
        for name, (texts,) in rows(LANGUAGES[part], 1).items():
            assert name == "Other" or written[name] == texts
