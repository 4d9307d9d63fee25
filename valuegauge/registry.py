"""What Inspect's entry points load: all that Inspect should find, or one line on why it cannot.

Inspect prints that line as a warning, and then does not know our tasks.
"""

from valuegauge.shadowing import PACKAGES, require_own

# Running a benchmark needs no command line and no leaderboard.
require_own([name for name in PACKAGES if name not in ("evals", "leaderboard")])

import benchmarks._registry  # noqa: E402, F401 - registers what it has
