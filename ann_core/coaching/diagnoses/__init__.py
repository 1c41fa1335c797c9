"""The doctor's tables, one for each kind of training."""
