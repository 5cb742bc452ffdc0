"""What the gateway subscribes to: outcomes of submissions and payments, for the bell."""
