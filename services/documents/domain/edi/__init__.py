"""Domain: the X12 834 that carriers read, and what they answer (docs/adr/0034). Pure."""
