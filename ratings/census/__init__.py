"""A sample of people compared with a census: shares, shortfall, rebalancing and weights."""
