"""What commands exit with, next to 0."""

GATE_FAILED = 1
USAGE = 2
MISSING = 3  # data or a prerequisite
INCOMPLETE = 4
FAULT = 70  # of our own making
INTERRUPTED = 130
