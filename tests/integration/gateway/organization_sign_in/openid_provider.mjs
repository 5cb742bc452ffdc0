// An OpenID provider of an organization: oidc-provider, with the people that the test names. It asks for a name and any
// password, and for no consent, as an organization does for its own programs. The first line of standard input has its
// settings, each further one its people; it ends with standard input.

import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { Provider } from "oidc-provider";

const lines = createInterface({ input: process.stdin });
const server = createServer();
let people = {};

console.info = console.error; // standard output is for the test

function start({ issuer, clients, jwks, inIdToken }) {
  const provider = new Provider(issuer, {
    clients,
    jwks,
    conformIdTokenClaims: !inIdToken,
    claims: { email: ["email", "email_verified"], roles: ["roles"] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: true } },
    findAccount: (_context, sub) => ({ accountId: sub, claims: () => ({ sub, ...people[sub] }) }),
    loadExistingGrant: async ({ oidc }) => {
      const grant = new provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
      grant.addOIDCScope("openid email roles");
      await grant.save();
      return grant;
    },
  });
  server.on("request", provider.callback());
  server.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ port: server.address().port })));
}

lines.on("line", (line) => {
  const told = JSON.parse(line);
  if (told.people) {
    people = told.people;
    console.log(JSON.stringify({ people: Object.keys(people).length }));
  } else {
    start(told);
  }
});
lines.on("close", () => process.exit(0));
