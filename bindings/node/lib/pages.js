"use strict";
// Walks through a list of AKOOL's page by page. Lists may change while they are read, and AKOOL need not say how long
// they are: pages may overlap, be shorter than asked for, or come again and again.

const identity = (element) => element?._id ?? element?.avatar_id ?? element?.voice_id ?? JSON.stringify(element);

/** Yields the elements of a list, each once. `read` gets the parameters of a page and resolves to its data. */
async function* walkPages(operation, read, { limit = Infinity, page = 1, ...params } = {}) {
  const known = new Set();
  let firstSize;
  for (let yielded = 0; ; page++) {
    const { result, count } = await read({ ...params, page });
    firstSize ??= result.length;
    const fresh = result.filter((element) => !known.has(identity(element)) && known.add(identity(element)));
    for (const element of fresh) {
      if (yielded++ >= limit) return;
      yield element;
    }
    const isLast = typeof count === "number" ? known.size >= count : result.length < firstSize;
    if (isLast || result.length === 0 || yielded >= limit) return;
    if (fresh.length === 0) return warnOfRepetition(operation);
  }
}

function warnOfRepetition(operation) {
  const message = `${operation}: AKOOL sent a page again in place of the next one; the list may be incomplete`;
  process.emitWarning(message, "AkoolWarning");
}

module.exports = { walkPages };
