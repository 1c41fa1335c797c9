"""The belt of memory, and what one unit of the learner's own LSTM carries on it."""
