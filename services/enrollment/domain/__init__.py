"""Domain: the application, its five steps, its rules and dates. Standard library and ``chassis.kernel`` only."""
