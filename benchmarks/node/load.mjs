// What the programs in Node share: so many calls, so many of them under way at a time, and the figures.
const SESSION = "6698c9d69cf7b0d61d1b6420";
const PATH = "/api/open/v4/liveAvatar/session/detail";

export const sessionId = SESSION;
export const url = (base) => `${base}${PATH}?id=${SESSION}`;

async function work(call, count) {
  for (let done = 0; done < count; done++) {
    const session = await call();
    if (session._id !== SESSION) throw new Error("this is not the session that was asked for");
  }
}

async function calls(call, inFlight, count) {
  const shares = Array.from({ length: inFlight }, (_, number) =>
    Math.floor(count / inFlight) + (number < count % inFlight ? 1 : 0));
  await Promise.all(shares.map((share) => work(call, share)));
}

/** Does the calls and prints what they took, as JSON, in the words of the programs in C. */
async function measure(call, inFlight, count, warmUp) {
  await calls(call, inFlight, warmUp);
  const [before, begun] = [process.cpuUsage(), performance.now()];
  await calls(call, inFlight, count);
  const [seconds, used] = [(performance.now() - begun) / 1000, process.cpuUsage(before)];
  const figures = { calls: count, failed: 0, seconds, user_us: used.user, system_us: used.system };
  console.log(JSON.stringify(figures));
}

/** Usage of each program: URL IN_FLIGHT CALLS WARM_UP. `begin` is given the URL, and returns `call` and `end`. */
export async function run(begin) {
  const [base, ...numbers] = process.argv.slice(2);
  if (numbers.length !== 3) {
    console.error(`usage: ${process.argv[1]} URL IN_FLIGHT CALLS WARM_UP`);
    process.exit(2);
  }
  const { call, end } = await begin(base);
  await measure(call, ...numbers.map(Number));
  await end?.();
}
