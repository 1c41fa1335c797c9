"""What networks compute, forwards and backwards."""
