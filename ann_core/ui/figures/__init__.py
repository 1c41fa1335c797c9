"""What is shown: charts, films, images, each with its source."""
