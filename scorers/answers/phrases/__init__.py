"""Reading free text in which one phrase of a scale, or one profile, is named."""
