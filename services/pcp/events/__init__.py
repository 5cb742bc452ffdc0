"""Events of pcp, and under which names they are on the wire."""
