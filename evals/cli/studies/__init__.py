"""Commands that answer a question with several runs or fits."""
