"""What a disputed payment does to the gifts that it paid for."""
