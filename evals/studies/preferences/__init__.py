"""Which models people prefer, how firmly, who differs, and what explains scores."""
