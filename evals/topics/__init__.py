"""From texts to topics: embeddings, clusters and names."""
