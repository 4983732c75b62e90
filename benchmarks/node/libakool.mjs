// Reads a session through the binding, from the source tree. Usage: libakool.mjs URL IN_FLIGHT CALLS WARM_UP
import { Client } from "../../bindings/node/lib/index.mjs";
import { run, sessionId } from "./load.mjs";

await run((base) => {
  const client = new Client({ base_url: base, api_key: "bench", environment: false });
  return { call: () => client.session.detail({ id: sessionId }), end: () => client.close() };
});
