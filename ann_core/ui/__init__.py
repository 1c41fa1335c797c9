"""What all lessons share on the screen."""
