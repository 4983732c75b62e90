// Quick start: opens a live session, shows what a browser joins with, and closes it again.
//
//   node quickstart.mjs                       simulated inside this process: no account, nothing is charged
//   AKOOL_API_KEY=... node quickstart.mjs     the service itself: a session of 60 seconds, refunded when it is closed
import { AkoolError, Client } from "libakool";

const isSimulated = !process.env.AKOOL_API_KEY;
console.log(
  isSimulated
    ? "SIMULATED: AKOOL_API_KEY is not set, so AKOOL is imitated inside this process; nothing is charged."
    : "REAL: this uses your AKOOL account; a session of 60 seconds is charged, and refunded as far as it is not used.",
);

// With the ledger file nothing stays open: should this program be killed, its next start closes what it left.
const client = new Client({
  ledger: { file: "akool.ledger" },
  ...(isSimulated && { base_url: "simulator:" }),
});

try {
  const before = (await client.account.credit()).credit;
  const avatars = [];
  for await (const avatar of client.avatar.iterate({ limit: 100 })) {
    if (avatar.from === 2 && avatar.available) avatars.push(avatar);
  }
  if (avatars.length === 0) throw new Error("no official avatar is available at present");

  const session = await client.session.create({ avatar_id: avatars[0].avatar_id, duration: 60 });
  console.log("A browser joins with:", session.join);

  await client.session.close({ id: session._id });
  const after = (await client.account.credit()).credit;
  console.log(`The session is closed, and seen to be closed. Credit before: ${before}, after: ${after}.`);
} catch (error) {
  if (!(error instanceof AkoolError)) throw error;
  console.error(`${error.code}: ${error.message}\n${error.hint ?? ""}`);
  process.exitCode = 1;
} finally {
  await client.close();
}
