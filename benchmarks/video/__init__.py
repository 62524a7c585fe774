"""Live video, measured from the camera to the viewer: `make bench-video`."""
