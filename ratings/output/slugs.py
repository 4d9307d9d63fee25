"""Names of files, folders, pages and rows, made from any text.

What is published under such a name is found again by it, so none of these may change.
"""

import hashlib
import re


def file_slug(text: str) -> str:
    """A name of a file or folder for any text, on any file system; other text, another name.

    >>> file_slug("openai/gpt-4o")
    'openai-gpt-4o-abb375db7e'
    """
    readable = re.sub(r"[^A-Za-z0-9_]+", "-", text)[:60].strip("-")
    digest = _digest(text, 10)
    return f"{readable}-{digest}" if readable else digest


def page_slug(*parts: object) -> str:
    """A name for a page or an anchor, readable and different for different parts.

    >>> page_slug("replay/GPT 4o", "model")
    'replay-gpt-4o-2a86d3e4'
    """
    readable = _lower(str(parts[0]))[:40].strip("-.")
    digest = _digest("\0".join(str(part) for part in parts), 8, "replace")
    return f"{readable}-{digest}" if readable else digest


def row_id(name: str, unique: str) -> str:
    """The id of a board's row: its name for a reader, and what no other row has.

    >>> row_id("replay/GPT 4o", "one key")
    'replay-gpt-4o-fbe88405'
    """
    return f"{_lower(name)[:60] or 'rater'}-{_digest(unique, 8, 'strict')}"


def folder_slug(name: str) -> str:
    """A folder's name: a representation's where a file system takes it, else with a digest.

    >>> folder_slug("examples:8+demographics")
    'examples-8-demographics'
    """
    kept = "".join(letter if letter.isalnum() else "-" for letter in name)
    short = "-".join(filter(None, kept.split("-")))[:50]
    same = len(name) <= len(short) and name.replace(":", "-").replace("+", "-") == short
    return short if same else f"{short}-{_digest(name, 6, 'strict')}"


def _lower(text: str) -> str:
    return re.sub(r"[^a-z0-9.]+", "-", text.casefold()).strip("-.")


def _digest(text: str, length: int, errors: str = "surrogatepass") -> str:
    return hashlib.sha256(text.encode("utf-8", errors)).hexdigest()[:length]
