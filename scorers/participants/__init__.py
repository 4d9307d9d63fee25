"""Who took part: shares of answers, counts by person, and the words of free texts."""
