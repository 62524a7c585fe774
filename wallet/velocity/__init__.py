"""Rules against stolen cards and laundering: counted, recorded, decided by people."""
