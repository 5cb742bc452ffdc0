"""Pure rules of quoting: no clock, no input or output; imports the standard library and ``chassis.kernel`` only."""
