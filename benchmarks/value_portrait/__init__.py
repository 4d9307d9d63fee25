"""Value Portrait: which values a model expresses, by 520 rated responses in six wordings."""
