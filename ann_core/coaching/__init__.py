"""What a run shows to be wrong, and what can be broken on purpose."""
