"""Ways to make scores of models out of battles and scores of replies, under one interface."""
