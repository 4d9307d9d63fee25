"""Did a rater change? Two sets of askings of the same items, in all and by score."""
