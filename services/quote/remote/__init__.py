"""Remote: other services and the mail server, behind the ports of the use cases."""
