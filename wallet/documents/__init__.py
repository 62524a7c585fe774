"""Documents of purchases and refunds: issued once, numbered without gaps, emailed, drawn as PDF."""
