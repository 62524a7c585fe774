"""Bank statements: the bank's answers, booked row by row."""
