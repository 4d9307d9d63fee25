"""What a language model reads: texts as tokens, packed into batches."""
