"""The API of video."""
