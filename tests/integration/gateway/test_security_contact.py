"""Where to report a vulnerability: RFC 9116."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from gateway.settings import LONGEST_SECURITY_TXT
from tests.integration.gateway.harness import ORIGIN, GatewayHarness, harness

PATH = "/.well-known/security.txt"


def test_contact_is_given_until_its_last_day(gateway_portal: GatewayHarness, gateway_url: str) -> None:
    last_day = date(2026, 8, 1)
    with harness(gateway_url, security_contact="mailto:security@example.com", security_expires=last_day) as portal:
        answer = portal.client.get(PATH)
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        fields = dict(re.findall(r"^([\w-]+): (.+)$", answer.text, re.MULTILINE))
        assert fields["Contact"] == "mailto:security@example.com"
        assert fields["Canonical"] == f"{ORIGIN}{PATH}"
        left = datetime.fromisoformat(fields["Expires"]) - portal.clock.now()
        assert timedelta() < left < LONGEST_SECURITY_TXT
        portal.clock.advance(left - timedelta(seconds=1))
        assert portal.client.get(PATH).status_code == 200
        portal.clock.advance(timedelta(seconds=1))
        assert portal.client.get(PATH).status_code == 404


def test_without_a_contact_there_is_no_file(gateway_portal: GatewayHarness) -> None:
    assert gateway_portal.client.get(PATH).status_code == 404
