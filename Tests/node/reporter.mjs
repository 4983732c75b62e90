// Tells each test's outcome as a line of JSON, for test_node.py.
export default async function* reporter(source) {
  for await (const { type, data } of source) {
    if (type !== "test:pass" && type !== "test:fail") continue;
    const failure = data.details?.error?.cause ?? data.details?.error;
    const outcome = { name: data.name, passed: type === "test:pass", skipped: data.skip, nesting: data.nesting };
    yield `${JSON.stringify({ ...outcome, failure: failure && String(failure.stack ?? failure) })}\n`;
  }
}
