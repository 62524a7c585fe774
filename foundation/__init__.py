"""The one thing below every app: errors, jobs, keyset pages and what else knows no domain."""
