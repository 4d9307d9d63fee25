"""IndieValueCatalog: what else would a person say, given what they said."""
