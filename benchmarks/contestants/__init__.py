"""Who sends in the benchmark, each in a file of its own."""
