"""An experiment on the screen: training, doctor, comparison, things to break, files to take home."""
