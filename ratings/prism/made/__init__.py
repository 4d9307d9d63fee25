"""The parts of made PRISM data: people, texts, worth of models, replies, tables."""
