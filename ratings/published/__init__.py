"""Figures of papers that studies compare their own with."""
