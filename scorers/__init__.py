"""Statistics as pure functions of arrays and tables; one module adapts them to Inspect."""
