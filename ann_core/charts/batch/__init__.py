"""The panels of slow motion: one batch on its way through a network for points, or for images."""
