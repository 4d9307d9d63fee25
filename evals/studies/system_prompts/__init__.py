"""What system prompts change in a model's values: prompts, their runs, and the differences."""
