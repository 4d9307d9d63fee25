"""What a predictive family is told of a rater, by name."""
