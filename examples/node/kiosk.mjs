// A kiosk that shows an avatar all day, and survives being killed.
//
//   node kiosk.mjs [LEDGER]
//
// Every session is written down in the ledger file before it is opened. When the machine loses power or the program is
// killed, the next start closes what is still open and gets the rest of its credit back. Stop it with Ctrl-C.
import { connect, freeAvatar } from "./connect.mjs";

const client = connect({
  // What the last run left is closed below, where it is waited for.
  ledger: { file: process.argv[2] ?? "kiosk.ledger", sweep_on_start: false },
  // A mistake in this program can cost no more than this: twice what it needs, since sessions overlap.
  limits: { open_sessions: 2, seconds_per_hour: 7200 },
});

const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => stop.abort(signal));

const { swept } = await client.session.sweep();
console.log(`closed after the last run: ${JSON.stringify(swept)}`);

/** Before the paid time ends another session is opened; session.handover_ready brings its room. */
const prepareSuccessor = (id) => client.session.handover({ id });

async function hear(event) {
  if (event.type === "session.ended") console.log(`ended: ${event.id} (${event.reason})`);
  if (event.type === "session.expiring") console.log(`expiring: ${event.id} in ${event.seconds_left} s`);
  if (event.type === "session.handover_failed") throw new Error(event.message);
  if (event.type === "session.handover_ready") {
    console.log(`the screen moves to the next room: ${event.join.room}`);
    await prepareSuccessor(event.id);
  }
}

try {
  const parameters = { avatar_id: await freeAvatar(client), duration: 600 };
  const session = await client.session.create(parameters, { tag: "kiosk", signal: stop.signal });
  console.log(`open: ${session._id}`);
  const events = client.events({ signal: stop.signal });
  await prepareSuccessor(session._id);
  for await (const event of events) await hear(event);
} catch (error) {
  if (error.name !== "AbortError") throw error;
} finally {
  await client.close();
  console.log("closed");
}
