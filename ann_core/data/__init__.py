"""What the networks learn from: arrays, and where they came from."""
