"""PRISM: what 1,500 people said of themselves, and how they scored replies of language models."""
