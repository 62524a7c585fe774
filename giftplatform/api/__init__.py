"""The API: its addresses and its errors."""
