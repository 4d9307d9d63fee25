"""The instruments: items, statements, prompts and dimensions."""
