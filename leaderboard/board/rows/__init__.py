"""What a board says of a rater: its name, figures that papers print, what changed."""
