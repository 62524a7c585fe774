"""The tray: each gift with its prices for one fan, and the form that sends it."""
