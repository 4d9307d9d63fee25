"""Topics of texts: who writes about them, what words they have, how stable they are."""
