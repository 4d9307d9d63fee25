"""Whether two sets of answers to Value Portrait agree: runs, recordings, people, own files."""
