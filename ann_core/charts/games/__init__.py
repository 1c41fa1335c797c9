"""The panels of films about two networks that play against each other."""
