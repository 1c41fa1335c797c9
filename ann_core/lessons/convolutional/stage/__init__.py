"""The stage of the lesson: the training, and the network as a picture that moves."""
