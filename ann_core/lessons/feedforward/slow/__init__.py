"""Slow motion: one step of training taken apart, and shown in its movements."""
