"""The five steps of an application (R110), as a person fills them in."""
