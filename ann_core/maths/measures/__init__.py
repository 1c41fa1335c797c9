"""How good an answer is, and how far apart things are."""
