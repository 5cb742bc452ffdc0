#!/usr/bin/env bash
# @asyncapi/diff on a changed payload.
#
# Expected: the tool exists to find breaking changes between two AsyncAPI documents. A required field that turns from text
# into a number, or that is gone, breaks whoever reads the event.
#
# What happens: it sees both changes and calls them "unclassified"; breaking() is an empty list. Channels, operations
# and servers are classified, the schema of a payload is not.
#
# Where it bites: a gate on breaking() lets every change of an event's fields pass, which is what carriers' systems
# would notice first.
set -euo pipefail

FOLDER=$(mktemp -d)
trap 'rm -rf "$FOLDER"' EXIT
cd "$FOLDER"
echo '{"private": true}' >package.json
npm install --silent --no-fund --no-audit "@asyncapi/diff@0.5.0"

node - <<'JAVASCRIPT'
const assert = require("node:assert");
const { diff } = require("@asyncapi/diff");

const describe = (properties, channel = "submitted") => ({
  asyncapi: "3.0.0",
  info: { title: "Sample", version: "1" },
  channels: {
    [channel]: {
      address: channel,
      messages: { submitted: { payload: { type: "object", required: ["record_number"], properties } } },
    },
  },
});
const text = { record_number: { type: "string" } };
const cases = {
  "text becomes a number": [describe(text), describe({ record_number: { type: "integer" } })],
  "field is gone": [describe(text), describe({})],
  "channel is gone": [describe(text), describe(text, "another")],
};
console.log("@asyncapi/diff", require("@asyncapi/diff/package.json").version);
const breaking = {};
for (const [name, [before, after]] of Object.entries(cases)) {
  const found = diff(before, after);
  breaking[name] = found.breaking().length;
  console.log(`${name.padEnd(22)} changes: ${found.getOutput().changes.map((one) => one.type).join(", ")}; breaking: ${breaking[name]}`);
}
assert(breaking["channel is gone"] > 0, "it does not find a missing channel any more");
assert.equal(breaking["text becomes a number"], 0, "a changed type is breaking now");
assert.equal(breaking["field is gone"], 0, "a missing field is breaking now");
JAVASCRIPT
