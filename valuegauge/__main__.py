"""`python -m valuegauge`: the command line, without its script on the path."""

from evals.cli import entry

if __name__ == "__main__":
    entry()
