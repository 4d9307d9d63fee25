"""PRISM's published results: the files of its authors' analyses."""
