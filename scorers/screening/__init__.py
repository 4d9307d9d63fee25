"""Which raters answered with care."""
