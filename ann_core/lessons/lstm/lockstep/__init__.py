"""The film of the race: all racers at the same moment of their trainings."""
