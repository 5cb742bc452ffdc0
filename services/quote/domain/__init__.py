"""Pure rules of quoting: no clock, no input or output.

Imports the standard library and ``chassis.kernel``, besides numpy, in ``tariff`` and ``census``, to add whole cents.
"""
