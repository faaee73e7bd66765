// A program of a customer in TypeScript: typed by what openapi-typescript makes of the published description, run against the live API.
import createClient from "openapi-fetch";
import type { components, paths } from "./api.js";

const [address, key, tenant] = process.argv.slice(2) as [string, string, string];
const api = createClient<paths>({ baseUrl: address, headers: { Authorization: `Bearer ${key}` } });

function must<T>(answer: { data?: T; error?: unknown; response: Response }): T {
  if (answer.data === undefined) throw new Error(`${answer.response.url}: ${answer.response.status} ${JSON.stringify(answer.error)}`);
  return answer.data;
}

const at = { params: { path: { tenant } } };
const tenants = must(await api.GET("/api/v1/tenants")).tenants;
if (!tenants.some((one) => one.id === tenant)) throw new Error("The tenant is not listed.");

// A list in parts, followed by its cursor.
const resources: components["schemas"]["ResourceBody"][] = [];
let after: string | undefined;
do {
  const part = must(await api.GET("/api/v1/tenants/{tenant}/resources", { params: { path: { tenant }, query: { limit: 1, after } } }));
  resources.push(...part.resources);
  after = part.next ?? undefined;
} while (after !== undefined);
const mailbox = resources.find((one) => one.kind === "mailbox" && one.protected);
if (!mailbox) throw new Error("No protected mailbox is listed.");

// A change of what was read: settings with their tag.
const read = await api.GET("/api/v1/tenants/{tenant}/settings", at);
const settings: components["schemas"]["SettingsBody"] = must(read);
const tag = read.response.headers.get("ETag")!;
must(await api.PUT("/api/v1/tenants/{tenant}/settings", { params: { path: { tenant }, header: { "If-Match": tag } }, body: { ...settings, retention: { days: 45 } } }));
const late = await api.PUT("/api/v1/tenants/{tenant}/settings", { params: { path: { tenant }, header: { "If-Match": tag } }, body: { ...settings, retention: { days: 46 } } });
if (late.response.status !== 412 || !late.error?.type?.endsWith("/changed-meanwhile")) throw new Error(`Expected 412, not ${late.response.status}.`);

// A contract without anything that may be left out: what is optional is optional in the types as well.
const contract: components["schemas"]["ContractRequestBody"] = { plan: "no-such-plan", start: "2026-03-01", reference: "C-1" };
const refused = await api.POST("/api/v1/tenants/{tenant}/contract", { ...at, body: contract });
if (refused.error?.field !== "plan") throw new Error(`Expected the field to be named: ${JSON.stringify(refused.error)}`);

// Twice with one key: made once.
const incident: components["schemas"]["IncidentRequestBody"] = { kind: "thirdParty", what: { nl: "Een kabel", en: "A cable" }, from: "2026-03-14T10:00:00Z", reference: "REF-2" };
const once = { params: { header: { "Idempotency-Key": crypto.randomUUID() } }, body: incident };
const [first, second] = [must(await api.POST("/api/v1/incidents", once)), must(await api.POST("/api/v1/incidents", once))];
if (first.id !== second.id) throw new Error("The same key made two incidents.");

const where = { tenant, resource: mailbox.id, point: "latest" };
const folders = must(await api.GET("/api/v1/tenants/{tenant}/resources/{resource}/points/{point}/folders", { params: { path: where } })).folders;
console.log(JSON.stringify({ resources: resources.length, mailbox: mailbox.id, folders: folders.length, incident: first.id }));
