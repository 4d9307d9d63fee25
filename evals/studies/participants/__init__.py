"""The study of participants: who took part, what they did and wrote."""
