"""Pictures of what is read value by value."""
