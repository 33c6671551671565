// Filters: which articles of the list are left. They stand in the page's address, so that a choice can be kept and sent.

const FILTERS = ["words", "outlet", "actor", "table", "status", "from", "to", "order"];
const ORDERS = { newest: "newest first", oldest: "oldest first", facts: "most facts first", unread: "most left unread first" };

/** The filters of an address; what it does not name is "". */
function filtersOf(query) {
  const asked = new URLSearchParams(query);
  return Object.fromEntries(FILTERS.map((name) => [name, asked.get(name) ?? ""]));
}

function queryOf(filters) {
  const given = FILTERS.filter((name) => filters[name]).map((name) => [name, filters[name]]);
  return given.length ? `?${new URLSearchParams(given)}` : "";
}

/** The numbers of the articles that are left, in the order that is asked for. */
async function matching(filters) {
  const tests = [];
  if (filters.outlet) tests.push((n) => column("outlet")[n] === filters.outlet);
  if (filters.from) tests.push((n) => (column("day")[n] ?? "") >= filters.from);
  if (filters.to) tests.push((n) => column("day")[n] && column("day")[n] <= filters.to);
  if (filters.table) tests.push((n) => column(filters.table)[n] > 0);
  if (filters.status) tests.push((n) => (column("statuses")[n] ?? 0) & (1 << head.statuses.indexOf(filters.status)));
  if (filters.actor) tests.push(await actorTest(filters.actor));
  if (filters.words) tests.push(await wordTest(wordsOf(filters.words)));
  const left = [];
  for (let n = 0; n < head.articles; n += 1) if (tests.every((test) => test(n))) left.push(n);
  return ordered(left, filters.order);
}

function ordered(left, order) {
  const by = { oldest: null, facts: "facts", unread: "unclaimed" }[order];
  if (order === "oldest") return left.reverse();
  return by ? left.sort((a, b) => (column(by)[b] ?? 0) - (column(by)[a] ?? 0) || a - b) : left;
}

/** Articles that call somebody by a name with these words in it. */
async function actorTest(asked) {
  const { names, of } = await unpacked("names");
  const words = wordsOf(asked);
  const meant = names.map((name) => {
    const told = plain(name);
    return words.every((word) => told.includes(word));
  });
  return (n) => of[n].some((name) => meant[name]);
}

let texts; // as they are compared, made once

/** Articles in whose title, outlet or text all the words stand. All texts are unpacked for it. */
async function wordTest(words) {
  if (!texts) {
    const packs = Math.ceil(head.articles / head.block);
    const all = await Promise.all(Array.from({ length: packs }, (_, pack) => unpacked(`texts-${pack}`)));
    texts = all.flat().map((text, n) => plain(`${column("title")[n]}\n${column("outlet")[n]}\n${text}`));
  }
  return (n) => words.every((word) => texts[n].includes(word));
}
