"""Files that a user gives, read strictly."""
