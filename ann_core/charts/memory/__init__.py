"""Panels of cells that remember: the belt of memory, and several of them in a race."""
