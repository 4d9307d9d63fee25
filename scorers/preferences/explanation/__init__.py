"""What people's scores follow: what a reply looks like, and how each person uses the scale."""
