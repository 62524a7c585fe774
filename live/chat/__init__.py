"""Chat: what people say in a room, and the words that are refused there."""
