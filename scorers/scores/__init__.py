"""From the responses of a run to its scores, as a benchmark's manifest declares them."""
