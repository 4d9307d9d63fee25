"""What a model is asked: one folder a benchmark, with its task, manifest and README."""
