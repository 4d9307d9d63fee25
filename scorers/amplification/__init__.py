"""Whether a model's view of groups of people follows, ignores or exaggerates how they differ."""
