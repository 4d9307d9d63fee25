"""How far the values of one model differ, by its size and by whether it reasons."""
