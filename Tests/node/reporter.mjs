// Prints each test's outcome as a line of JSON, for running.py. Node's junit reporter would lose all outcomes of a file
// when its process crashes.
export default async function* reporter(source) {
  for await (const { type, data } of source) {
    if (type !== "test:pass" && type !== "test:fail") continue;
    const failure = data.details?.error?.cause ?? data.details?.error;
    const outcome = { name: data.name, passed: type === "test:pass", skipped: data.skip, nesting: data.nesting };
    yield `${JSON.stringify({ ...outcome, failure: failure && String(failure.stack ?? failure) })}\n`;
  }
}
