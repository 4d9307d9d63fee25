"""Studies of the tool itself, and scripts that make the files it ships; not installed."""
