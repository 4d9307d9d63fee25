"""Tags of items: which items go with which values in people, and how sure that is."""
