"""The pages of gifts: the tray in the room, the creator's studio and console, the statement."""
