"""Training: recipes, batches, the loop, its state and early stopping."""
