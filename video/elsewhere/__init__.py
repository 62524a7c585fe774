"""Video that comes from another server: its address, and showing it in a room."""
