"""Home with the work that waits, and the tiles of Quote & Enroll (R3, R4)."""
