"""Inspect model providers that need no network: recorded answers and simulated respondents."""
