"""How fast: plain Keras and the compiled loop, side by side."""
