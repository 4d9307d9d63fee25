"""Studies that several runs answer, the command line, and configurations of runs."""
