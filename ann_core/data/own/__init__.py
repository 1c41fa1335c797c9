"""What a learner brings."""
