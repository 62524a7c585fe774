"""The scenery of the large gifts and of three full-screen ones, one module per scene."""
