"""Surgery on the gates of a trained LSTM: the hand that holds them, what comes of it, and goals to reach."""
