"""A learner's own drawing, and what the trained network sees in it."""
