"""The catalog behind the sample that ships with the package: statements of our own wording.

    python -m studies.sample_catalog

reads `authored.json` of the sample (scales, what fills them, demographic answers) and writes the
catalog's three files next to it, in the layout of the IndieValueCatalog's own source. The same
text writes the same files to the byte.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ratings.sources.cards import load_card, packaged_folder

FOLDER = "data/meta_data"
ANSWER = "{answer_var}"


def catalog_files(authored: Mapping[str, Any]) -> dict[str, str]:
    """Path and content of each file of the catalog, in the source's layout.

    Args:
        authored: code groups, scales, questions by category, and demographics.
    """
    polar, refined = (
        [
            _question(authored, category, question, entry, form)
            for category, questions in authored["questions"].items()
            for question, entry in questions.items()
        ]
        for form in ("polar", "refined")
    )
    demographics = authored["demographics"]
    return {
        f"{FOLDER}/statements_meta_data.jsonl": _lines(polar),
        f"{FOLDER}/refined_statements_meta_data.jsonl": _lines(refined),
        f"{FOLDER}/demographics_meta_data.jsonl": _lines(
            _demographic(demographics, question) for question in demographics
        ),
    }


def main() -> None:
    """Write the catalog's files into the sample's folder: aside first, then renamed."""
    folder = packaged_folder(load_card("indie_value_sample"))
    authored = json.loads((folder / "authored.json").read_text(encoding="utf-8"))
    for path, content in catalog_files(authored).items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        _write(target, content)


def _question(
    authored: Mapping[str, Any],
    category: str,
    question: str,
    entry: Sequence[str] | Mapping[str, Any],
    form: str,
) -> dict[str, Any]:
    """One form of a question; where a scale has no coarse form of its own, both are the same."""
    if isinstance(entry, Mapping):
        scale, phrases = entry, []
    else:
        scale, phrases = authored["scales"][entry[0]], list(entry[1:])
    templates = scale.get(form, scale["refined"])
    groups = authored["codes"][scale["codes"]]
    groups = groups.get(form, groups["refined"])
    if len(templates) != len(groups):
        raise ValueError(f"{question}: {len(templates)} {form} statements, {len(groups)} groups")
    return {
        "question_id": question,
        "question_category": category,
        "is_refined": form == "refined",
        "answer_ids_to_grouped_answer_ids": _group_indices(groups),
        "converted_statements": [_sentence(text.format(*phrases)) for text in templates],
    }


def _demographic(demographics: Mapping[str, Any], question: str) -> dict[str, Any]:
    """A demographic question; a coded one has a label for each code and no list of answers."""
    entry = demographics[question]
    template, answers = entry["template"], entry["answers"]
    row = {
        "question_id": question,
        "question_id_converted": entry.get("column", question),
        "question_category": entry["category"],
        "statement_template": template,
    }
    if not entry.get("coded", False):
        return row | {
            "converted_statements": [template.replace(ANSWER, label) for label in answers],
            "answer_vars": list(answers),
            "answer_ids_to_grouped_answer_ids": _group_indices(answers.values()),
        }
    if isinstance(answers, str):
        answers = demographics[answers]["answers"]
    labels = {code: label for label, codes in answers.items() for code in codes}
    known = sorted(labels.keys() - set(entry.get("without", ())))
    return row | {
        "converted_statements": [template],
        "answer_vars_map": {str(code): labels[code] for code in known},
    }


def _group_indices(groups: Iterable[Sequence[int]]) -> dict[str, int]:
    """The index of each code's group, by code in rising order."""
    indices = {code: index for index, codes in enumerate(groups) for code in codes}
    return {str(code): indices[code] for code in sorted(indices)}


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lines(rows: Iterable[Mapping[str, Any]]) -> str:
    """One JSON object a line."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _write(target: Path, content: str) -> None:
    aside = target.with_name(f".{target.name}.aside")
    aside.write_text(content, encoding="utf-8", newline="\n")
    aside.replace(target)


if __name__ == "__main__":
    main()
