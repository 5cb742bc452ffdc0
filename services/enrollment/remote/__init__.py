"""Remote: the other services over the bus, behind the ports of the use cases."""
