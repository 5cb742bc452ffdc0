"""Domain of documents: a submitted application as it is printed, and what it attests to. Pure."""
