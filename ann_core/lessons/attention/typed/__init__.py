"""A learner's own sequence, and the trained network that reads it."""
