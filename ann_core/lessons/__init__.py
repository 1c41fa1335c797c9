"""A folder per lesson, a module per section."""
