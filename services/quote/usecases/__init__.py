"""Use cases of quote: one file each; the ports that they need are Protocols beside them."""
