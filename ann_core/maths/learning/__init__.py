"""How a network learns: activations, losses, gradients, optimisers."""
