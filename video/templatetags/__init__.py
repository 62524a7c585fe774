"""Tags of video."""
