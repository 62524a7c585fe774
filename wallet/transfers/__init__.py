"""Bank transfers of fans: read from statements, matched to orders, given back where none fits."""
