"""What is done to inputs before a network sees them."""
