#!/usr/bin/env bash
# standardwebhooks (Python) signing with a time that has a time zone.
#
# Expected: two datetimes that are equal are the same instant, and a signature over an instant is the same for both; the
# signature that sign() gives for a message is the one that verify() wants for it.
#
# What happens: sign() replaces the time zone by UTC instead of converting to it. Noon in UTC and 7 a.m. in Chicago are
# equal, and get two signatures. The second is refused by verify(), the sender's own library, under the right timestamp.
#
# Where it bites: callbacks of payments signed with the clock of a business in Chicago or Denver are refused by
# everybody who checks them, while those signed on a server in UTC are fine.
set -euo pipefail

FOLDER=$(mktemp -d)
trap 'rm -rf "$FOLDER"' EXIT
python3 -m venv "$FOLDER/venv"
"$FOLDER/venv/bin/pip" install --quiet --disable-pip-version-check "standardwebhooks==1.1.0"

"$FOLDER/venv/bin/python" - <<'PYTHON'
from datetime import datetime, timedelta, timezone
from importlib.metadata import version

from standardwebhooks import Webhook, WebhookVerificationError

webhook = Webhook("whsec_" + "c2FtcGxlLXNlY3JldC1mb3ItYS1maW5kaW5n")
in_utc = datetime.now(timezone.utc).replace(microsecond=0)
in_chicago = in_utc.astimezone(timezone(timedelta(hours=-5)))


def verified(when: datetime) -> bool:
    headers = {
        "webhook-id": "message-1",
        "webhook-timestamp": str(int(when.timestamp())),
        "webhook-signature": webhook.sign("message-1", when, "{}"),
    }
    try:
        webhook.verify("{}", headers)
    except WebhookVerificationError:
        return False
    return True


print("standardwebhooks", version("standardwebhooks"))
print("the two times are equal:        ", in_utc == in_chicago)
print("verified, signed with UTC:      ", verified(in_utc))
print("verified, signed with UTC-05:00:", verified(in_chicago))
assert in_utc == in_chicago and verified(in_utc), "a signature in UTC is refused now"
assert not verified(in_chicago), "the time zone counts now"
PYTHON
