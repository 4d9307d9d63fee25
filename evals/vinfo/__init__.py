"""V-information studies: fits over representations and splits, their tables and pictures."""
