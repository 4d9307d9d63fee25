"""Value profiles: what a description of a rater tells about what the rater chooses."""
