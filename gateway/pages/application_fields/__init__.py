"""The fields of an application: what they are called, whose they are, and where they are filled in."""
