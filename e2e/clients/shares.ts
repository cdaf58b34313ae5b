// A department's system in TypeScript. The types are made from the API's document by openapi-typescript; what does not fit it
// is no program. Run with the address and the key; says what it found as JSON.
import createClient from "openapi-fetch";
import type { components, paths } from "./generated/xinlian.js";

type Change = components["schemas"]["Change"];

const [baseUrl, key] = process.argv.slice(2);
const api = createClient<paths>({ baseUrl, headers: { authorization: `Bearer ${key}` } });

/** Every change that is not put right, however many pages that takes. */
async function changes(): Promise<Change[]> {
  const found: Change[] = [];
  let after: string | undefined;
  do {
    const { data, error } = await api.GET("/api/v1/changes", { params: { query: { limit: 1, after } } });
    if (!data) throw new Error(error?.detail);
    found.push(...data.changes);
    after = data.next;
  } while (after);
  return found;
}

const shares = await api.GET("/api/v1/shares");
if (!shares.data) throw new Error(shares.error?.detail);
const refused = await api.GET("/api/v1/changes", { params: { query: { limit: 0 } } });
const sent = await api.POST("/api/v1/submissions", {
  params: { header: { "Idempotency-Key": "client/ts" }, query: { name: "typescript" } },
  headers: { "content-type": "text/csv" },
  body: "a,b\n1,2\n",
  bodySerializer: (body) => body,
});
// @ts-expect-error the document has no such call
void (() => api.GET("/api/v1/persons"));
// @ts-expect-error a number is no text
void (() => api.POST("/api/v1/changes/acknowledgements", { body: { share: "1", record: 2, change: 3 } }));

console.log(
  JSON.stringify({
    shares: shares.data.shares.map((share) => share.number),
    changes: (await changes()).map((change) => change.record),
    refused: refused.error?.type,
    job: sent.data?.state,
  }),
);
