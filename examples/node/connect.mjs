// What the other examples share: a client of the service if there is a key, otherwise of the simulator.
import { Client } from "libakool";

export const isSimulated = !process.env.AKOOL_API_KEY;

/** Makes a client, after saying whose it is. */
export function connect(configuration = {}) {
  console.log(
    isSimulated
      ? "SIMULATED: AKOOL_API_KEY is not set, so AKOOL is imitated inside this process; nothing is charged."
      : `AKOOL at ${process.env.AKOOL_BASE_URL ?? "https://openapi.akool.com"}: sessions cost credit.`,
  );
  return new Client({ ...(isSimulated && { base_url: "simulator:" }), ...configuration });
}

/** An official avatar that can be used now. */
export async function freeAvatar(client) {
  for await (const avatar of client.avatar.iterate()) {
    if (avatar.from === 2 && avatar.available) return avatar.avatar_id;
  }
  throw new Error("no official avatar is available at present");
}
