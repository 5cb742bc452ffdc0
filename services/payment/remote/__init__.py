"""Remote of payment: the processor outside, and the signatures of its callbacks."""
