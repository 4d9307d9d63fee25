"""A data card as Croissant JSON-LD, the vocabulary that data search engines read.

Source: Croissant format specification 1.0, https://docs.mlcommons.org/croissant/.
"""

import re
from typing import Any
from urllib.parse import quote

from ratings.sources.cards import Card, CardFile

_LICENCES = {"MIT": "https://opensource.org/license/mit"}
_FORMATS = {".json": "application/json", ".txt": "text/plain", ".md": "text/markdown"}
_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def croissant(card: Card) -> dict[str, Any]:
    """The card as a Croissant data set: what it is, its licence and every file.

    A file whose SHA-256 the source does not give is left without a checksum; its git blob id
    is in its description.
    """
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": card.id,
        "description": f"{card.title}. {_first_paragraph(card.prose)}",
        "url": card.homepage,
        "license": _LICENCES.get(card.licence, card.licence),
        "version": _semantic(card.revision),
        "citeAs": " ".join(card.citation.split()),
        "distribution": [_file_object(card.of_files(), file) for file in card.files()],
    }


def _file_object(card: Card, file: CardFile) -> dict[str, Any]:
    suffix = re.sub(r".*(\.[a-z]+)$", r"\1", file.path)
    found: dict[str, Any] = {
        "@type": "cr:FileObject",
        "@id": file.path,
        "name": file.path,
        "contentUrl": _address(card, file),
        "encodingFormat": _FORMATS.get(suffix, "application/octet-stream"),
    }
    if file.bytes is not None:
        found["contentSize"] = f"{file.bytes} B"
    if file.algorithm == "sha256":
        found["sha256"] = file.digest
    else:
        found["description"] = f"git blob {file.digest}"
    return found


def _address(card: Card, file: CardFile) -> str:
    if card.download is None:
        return file.path
    return card.download.format(revision=card.revision, path=quote(file.path))


def _first_paragraph(prose: str) -> str:
    paragraphs = [p for p in prose.split("\n\n") if not p.startswith("#")]
    return " ".join(paragraphs[0].replace("**", "").split()) if paragraphs else ""


def _semantic(revision: str) -> str:
    """Croissant wants a version of three numbers; a git revision rides along as build metadata."""
    return f"{revision}.0.0" if revision.isdecimal() else f"1.0.0+{revision}"
