"""Domain of payment: the states of a payment and of its attempts; pure."""
