"""Topics of PRISM's opening prompts, and who writes about them."""
