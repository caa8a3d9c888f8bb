// A real OpenID provider on loopback: `node openid_provider.mjs FOLDER PORT REDIRECT_URI`, FOLDER
// holding npm's oidc-provider. Whoever signs in as "mia" is Mia, with the groups of PEOPLE.

import { pathToFileURL } from "node:url";
import { join } from "node:path";

const [folder, port, redirectUri] = process.argv.slice(2);
const { Provider } = await import(pathToFileURL(join(folder, "node_modules/oidc-provider/lib/index.js")));

const PEOPLE = {
  mia: { name: "Mia Testwell", groups: ["everybody", "desk-agents"] },
  sue: { name: "Sue Testwell", groups: ["desk-agents", "desk-supervisors"] },
  guest: { name: "Guest", groups: ["everybody"] },
};

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [
    {
      client_id: "memberline-desk",
      client_secret: "client-secret-of-the-tests",
      redirect_uris: [redirectUri],
      response_types: ["code"],
      grant_types: ["authorization_code"],
    },
  ],
  claims: { openid: ["sub"], profile: ["name", "groups"] },
  pkce: { required: () => true },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...PEOPLE[id] }) }),
});
provider.listen(Number(port), "127.0.0.1", () => process.stdout.write("listening\n"));
