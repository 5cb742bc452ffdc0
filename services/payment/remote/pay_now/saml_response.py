"""The SAML 2.0 response of one pay-now: written, signed, and encoded for the form."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from lxml import etree
from lxml.etree import _Element as Element
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureConstructionMethod, SignatureMethod
from signxml.signer import XMLSigner

from services.payment.remote.pay_now.profile import PayNowProfile, SignedPart
from services.payment.remote.pay_now.signing_key import SigningKey

SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
SAMLP = "urn:oasis:names:tc:SAML:2.0:protocol"
_SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}Signature"
_UNSPECIFIED_NAME = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"
_UNSPECIFIED_ATTRIBUTE = "urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified"
# 128 random bits: the one-time id that the carrier keeps until the assertion has expired.
_ID_BYTES = 16


def write_response(
    profile: PayNowProfile, key: SigningKey, subject: str, attributes: Mapping[str, Sequence[str]], now: datetime
) -> str:
    """The value of ``SAMLResponse``, in base64. ``subject`` is the NameID."""
    response = _response(profile, subject, attributes, now)
    return base64.b64encode(etree.tostring(_sign(response, profile.signed, key))).decode()


def _response(profile: PayNowProfile, subject: str, attributes: Mapping[str, Sequence[str]], now: datetime) -> Element:
    issued = _instant(now)
    response = etree.Element(
        f"{{{SAMLP}}}Response",
        {"ID": _new_id(), "Version": "2.0", "IssueInstant": issued, "Destination": profile.pay_url},
        nsmap={"samlp": SAMLP, "saml": SAML},
    )
    _add(response, "Issuer", profile.entity_id)
    status = etree.SubElement(response, f"{{{SAMLP}}}Status")
    etree.SubElement(status, f"{{{SAMLP}}}StatusCode", Value="urn:oasis:names:tc:SAML:2.0:status:Success")
    assertion = _add(response, "Assertion", ID=_new_id(), Version="2.0", IssueInstant=issued)
    _add(assertion, "Issuer", profile.entity_id)
    _add_subject(assertion, profile, subject, now)
    _add_conditions(assertion, profile, now)
    statement = _add(assertion, "AuthnStatement", AuthnInstant=issued)
    context = _add(statement, "AuthnContext")
    _add(context, "AuthnContextClassRef", "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport")
    listed = _add(assertion, "AttributeStatement")
    for name, values in attributes.items():
        attribute = _add(listed, "Attribute", Name=name, NameFormat=_UNSPECIFIED_ATTRIBUTE)
        for value in values:
            _add(attribute, "AttributeValue", value)
    return response


def _add_subject(assertion: Element, profile: PayNowProfile, subject: str, now: datetime) -> None:
    """Whoever bears it may use it, at the carrier's address and until it expires."""
    added = _add(assertion, "Subject")
    _add(added, "NameID", subject, Format=_UNSPECIFIED_NAME)
    confirmation = _add(added, "SubjectConfirmation", Method="urn:oasis:names:tc:SAML:2.0:cm:bearer")
    _add(confirmation, "SubjectConfirmationData", NotOnOrAfter=_expiry(profile, now), Recipient=profile.pay_url)


def _add_conditions(assertion: Element, profile: PayNowProfile, now: datetime) -> None:
    begins = _instant(now - timedelta(seconds=profile.clock_skew_seconds))
    conditions = _add(assertion, "Conditions", NotBefore=begins, NotOnOrAfter=_expiry(profile, now))
    _add(_add(conditions, "AudienceRestriction"), "Audience", profile.audience)


def _sign(response: Element, part: SignedPart, key: SigningKey) -> Element:
    """The signature stands behind the issuer of what it signs, as SAML wants it."""
    signed_id = _part_of(response, part).get("ID")
    signer = XMLSigner(
        method=SignatureConstructionMethod.enveloped,
        signature_algorithm=SignatureMethod.RSA_SHA256,
        digest_algorithm=DigestAlgorithm.SHA256,
        c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
    )
    # The whole response is handed to the signer and the signature moved afterwards: an assertion that is signed by
    # itself and put back has other namespaces in scope, and no verifier accepts it.
    signed = signer.sign(
        response, key=key.private_key, cert=key.certificate, reference_uri=f"#{signed_id}", id_attribute="ID"
    )
    signature = signed.find(_SIGNATURE)
    issuer = _part_of(signed, part).find(f"{{{SAML}}}Issuer")
    assert signature is not None
    assert issuer is not None
    issuer.addnext(signature)
    return signed


def _part_of(response: Element, part: SignedPart) -> Element:
    found = response if part is SignedPart.RESPONSE else response.find(f"{{{SAML}}}Assertion")
    assert found is not None
    return found


def _add(parent: Element, name: str, text: str | None = None, **attributes: str) -> Element:
    added = etree.SubElement(parent, f"{{{SAML}}}{name}", attributes)
    added.text = text
    return added


def _expiry(profile: PayNowProfile, now: datetime) -> str:
    return _instant(now + timedelta(seconds=profile.valid_seconds))


def _instant(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _new_id() -> str:
    """An XML id begins with a letter or an underscore."""
    return f"_{secrets.token_hex(_ID_BYTES)}"
