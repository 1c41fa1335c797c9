"""From points to pictures: the same game on handwritten digits."""
