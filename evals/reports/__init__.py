"""What one run says, or two compared: read from logs, as tables and pictures."""
