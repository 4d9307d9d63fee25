"""How results are written: whole files, CSV, the terminal."""
