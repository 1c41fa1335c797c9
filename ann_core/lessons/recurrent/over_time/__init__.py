"""What a network does over the whole series while it is trained: how it goes on by itself, what it does at each value."""
