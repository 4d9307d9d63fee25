"""Language models as a predictive family: trained to predict what a rater chooses."""
