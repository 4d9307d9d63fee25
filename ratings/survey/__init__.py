"""A survey of people: the World Values Survey or a simulated one."""
