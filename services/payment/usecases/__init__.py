"""Use cases of payment: one file each, with its own transactions; ports as Protocols."""
