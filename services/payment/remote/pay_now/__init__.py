"""Pay-now by SAML 2.0: the payer's browser brings a signed assertion to the carrier's payment page (docs/adr/0037).

As state exchanges do it: HTTP-POST binding, begun by the suite as identity provider, so without InResponseTo.
"""
