"""Taking video in: encoders connect, FFmpeg packages, the room is told. A process of its own."""
