// Compiled, not run: the same package from CommonJS.
import akool = require("libakool");

export async function credit(signal: akool.AbortSignalLike): Promise<number> {
  const client = new akool.Client({ base_url: "simulator:" });
  const { credit } = await client.account.credit(undefined, { signal, timeout_ms: 1000 });
  await client.close();
  return credit;
}
