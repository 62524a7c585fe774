"""Streams: announced, live, ended; who follows and who watches."""
