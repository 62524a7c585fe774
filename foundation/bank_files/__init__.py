"""Files that a bank sends: account statements and status reports, read into plain rows."""
