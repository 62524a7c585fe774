"""RTMP, as far as an encoder needs it to publish: handshake, chunks, commands."""
