"""The event stream: how a room hears of what happened, over Server-Sent Events."""
