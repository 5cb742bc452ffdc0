"""What the gateway hears: outcomes of submissions and payments, for the bell."""
