"""The page around a lesson: its frame, its address, its code, its questions."""
