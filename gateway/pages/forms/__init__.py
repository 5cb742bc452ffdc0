"""Between what a person types into a form and the messages of a contract."""
