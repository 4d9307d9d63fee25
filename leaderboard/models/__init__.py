"""Facts about models, as their makers announced them."""
