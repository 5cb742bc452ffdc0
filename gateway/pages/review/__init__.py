"""The pages by which a client reviews an application without a sign-in (docs/adr/0031). Their addresses hold the link's
token, so they are never logged.
"""
