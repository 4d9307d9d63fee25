"""Options and shell completions that several commands share."""
