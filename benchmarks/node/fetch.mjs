// Reads a session with the fetch that is built in. Usage: fetch.mjs URL IN_FLIGHT CALLS WARM_UP
import { run, url } from "./load.mjs";

await run((base) => {
  const address = url(base);
  const headers = { "x-api-key": "bench" };
  const call = async () => {
    const body = await (await fetch(address, { headers })).json();
    if (body.code !== 1000) throw new Error(JSON.stringify(body));
    return body.data;
  };
  return { call };
});
