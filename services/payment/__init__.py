"""Payment: the binder payment of an application, its hosted page, the processor behind it, and signed callbacks."""
