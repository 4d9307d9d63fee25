"""What a board's tables and rows show, in sentences made from their numbers."""
