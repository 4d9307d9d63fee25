"""Whether a model that plays groups of people follows, ignores or exaggerates how they differ."""
