"""Cases of guardians: opened by a form, decided by staff, told by email, forgotten in time."""
