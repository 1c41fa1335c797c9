"""The three depths of the large picture: the whole network, a block, a number; and the way through it, station by station."""
