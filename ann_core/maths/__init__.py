"""The networks' arithmetic in NumPy: written to be read, held to Keras by the tests."""
