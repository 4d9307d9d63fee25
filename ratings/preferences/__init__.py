"""Who prefers which of several replies: turns of conversations as questions."""
