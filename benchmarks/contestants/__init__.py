"""The contestants of the benchmark, each in a file of its own."""
