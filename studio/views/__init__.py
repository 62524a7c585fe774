"""The pages of the studio, one module per part of it."""
