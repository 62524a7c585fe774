"""Running the site: its processes, secrets and queue, and what refuses to start."""
