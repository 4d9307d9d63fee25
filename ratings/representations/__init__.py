"""What a predictive family is given about a rater, by name."""
