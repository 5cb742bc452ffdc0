"""Domain: what each step may hold (``unsound``: refused at once) and must hold to be submitted (``lacking``)."""
