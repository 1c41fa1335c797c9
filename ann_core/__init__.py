"""Neural Networks You Can See: real networks, explained by the numbers they compute."""
