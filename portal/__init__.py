"""The operator's command: ``portal rules`` and what follows it. Each command is a module of its own."""
