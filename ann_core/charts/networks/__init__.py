"""Pictures of networks and of what goes on in them."""
