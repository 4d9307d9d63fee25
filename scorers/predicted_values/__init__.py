"""A person's values predicted from all of the person's ratings of items."""
