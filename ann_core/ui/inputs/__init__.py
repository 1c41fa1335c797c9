"""What a learner sets: controls, tables, canvases, data sets."""
