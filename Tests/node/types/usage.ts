// Compiled, not run: what programs write must have a type, and mistakes must not.
import akool, { AkoolError, AvatarBusyError, CancelledError, Client, describe, version } from "libakool";
import type { AkoolEvent, Configuration, SessionCreateData, SessionEndedEvent } from "libakool";

const configuration: Configuration = { base_url: "simulator:", ledger: { file: "/tmp/ledger" }, timeout_ms: 1000 };

export async function everything(): Promise<string> {
  const client = new Client(configuration);
  const session: SessionCreateData = await client.session.create({ avatar_id: "a", duration: 60 }, { tag: "t" });
  const id: string = session._id;
  const room: string | undefined = session.join.token;
  const unknownMember: unknown = session["new_member"];
  const reply = await client.call("account.credit");
  const credit: number = reply.data.credit + (reply.meta.elapsed_ms ?? 0);
  const requestId: number | undefined = client.call("avatar.list", { size: 1 }).requestId;
  const newer: any = (await client.call("brand.new", { anything: 1 })).data;
  for await (const avatar of client.avatar.iterate({ size: 10, limit: 5 })) avatar.avatar_id.toUpperCase();
  for await (const event of client.events()) if (event.type === "session.ended") event.reason.toUpperCase();
  client.on("session.expiring", (event) => event.seconds_left.toFixed());
  client.once("event", (event: AkoolEvent) => event.seq.toFixed()).off("event", () => {});
  client.on("session.ended", (event: SessionEndedEvent) => event.seconds_used?.toFixed());
  await client.session.closeAll({ scope: "mine" });
  await client.stats();
  await client.request({ method: "GET", path: "/" });
  const { closed, pending } = await client.close();
  await client[Symbol.asyncDispose]();
  const values = [id, room, unknownMember, credit, requestId, newer, closed.toFixed(), pending[0]];
  return [...values, version(), describe()].join();
}

export function errors(error: unknown): number | undefined {
  if (error instanceof AvatarBusyError) return error.code === "AVATAR_BUSY" ? error.akoolCode : error.retryAfterMs;
  if (error instanceof CancelledError && error.name === "AbortError") return 0;
  return error instanceof akool.AkoolError || error instanceof AkoolError ? error.httpStatus : undefined;
}

export function mistakes(client: Client): void {
  // @ts-expect-error avatar_id is required
  client.session.create({});
  // @ts-expect-error no such member
  client.session.create({ avatar_id: "a", durations: 60 });
  // @ts-expect-error a number
  client.session.create({ avatar_id: "a", duration: "60" });
  // @ts-expect-error no such option
  client.account.credit({}, { timeout: 1 });
  // @ts-expect-error no such event
  client.on("session.endet", () => {});
  // @ts-expect-error no such configuration
  new Client({ api_kee: "k" });
  // @ts-expect-error one of three
  client.session.closeAll({ scope: "everything" });
}
