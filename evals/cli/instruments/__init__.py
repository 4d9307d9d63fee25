"""`valuegauge instrument`: what an instrument is made of, and how one is made."""
