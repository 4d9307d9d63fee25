"""Whether two sets of answers to one instrument agree: answers, scores, and items that differ."""
