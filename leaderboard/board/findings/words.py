"""Small parts of sentences."""


def counted(number: int, one: str, several: str | None = None) -> str:
    """A number and what is counted.

    >>> counted(1, "model"), counted(3120, "answer"), counted(2, "person", "people")
    ('1 model', '3,120 answers', '2 people')
    """
    return f"{number:,} {one if number == 1 else several or one + 's'}"
