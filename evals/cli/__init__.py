"""The command line `valuegauge`: one file for each command."""
