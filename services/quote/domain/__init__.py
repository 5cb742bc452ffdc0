"""Pure rules of quoting: no clock, no input or output.

Imports the standard library and ``chassis.kernel``, besides numpy, in ``rate_matrix`` and
``batch_rating``, to add whole cents.
"""
