"""Where data come from: cards, downloads, caches, the hub and prices."""
