"""Did a model change? A run checked against the accepted answers of a baseline."""
