"""The pages of gifts: the tray, the catalogue, and what scripts ask for."""
