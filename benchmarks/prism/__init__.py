"""PRISM: which of several replies does a participant prefer, given what is known of them?"""
