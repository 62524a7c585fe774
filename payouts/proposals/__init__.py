"""Bookings by hand: proposed by one person, confirmed by another."""
