"""What is measured of networks at memory tasks beside their accuracy: goals of an operation, a unit that counts."""
