"""Reading answers: text or token probabilities into a choice, a rating or a distribution."""
