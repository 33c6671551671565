// Data: packed in comments of the page, unpacked where it is first asked for, and kept.

const kept = new Map(); // by name: a comment, or the promise of what was in it
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_COMMENT);
while (walker.nextNode()) kept.set(walker.currentNode.data.slice(0, walker.currentNode.data.indexOf(" ")), walker.currentNode);

/** What stands packed under a name. */
function unpacked(name) {
  const found = kept.get(name);
  if (found instanceof Comment) kept.set(name, unpack(found, name));
  return kept.get(name);
}

/** The value of a comment: base64 of gzip of JSON behind its name. The comment goes, what it held need not be kept twice. */
async function unpack(comment, name) {
  const binary = atob(comment.data.slice(name.length + 1));
  const bytes = new Uint8Array(binary.length);
  for (let n = 0; n < binary.length; n += 1) bytes[n] = binary.charCodeAt(n);
  comment.remove();
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

let head; // what is known from the start: counts, charts, what columns and rules mean
let articles; // the list, as columns, once a view needs it

/** A column of the list of articles, filled where it says nothing of any of them. */
function column(name) {
  return articles[name] ?? (articles[name] = new Array(head.articles).fill(name === "title" || name === "outlet" ? "" : null));
}

async function listLoaded() {
  articles = await unpacked("list");
}

async function textOf(n) {
  return (await unpacked(`texts-${Math.floor(n / head.block)}`))[n % head.block];
}

/** An article with its rows: `rows.figures[3].value`. */
async function articleOf(n) {
  const [blocks, text] = await Promise.all([unpacked(`rows-${Math.floor(n / head.block)}`), textOf(n)]);
  const block = blocks[n % head.block];
  const rows = Object.fromEntries(TABLES.map((table) => [table, rowsOf(table, block.rows[table])]));
  return { ...block, n, id: column("id")[n], title: titleOf(n), text: block.kept ? new Characters(text) : null, rows };
}

function titleOf(n) {
  return column("title")[n] || "(no title)";
}

/** Rows out of columns; each knows its table and its number there. */
function rowsOf(table, columns) {
  if (!columns) return [];
  const names = Object.keys(columns);
  return columns.row_id.map((_, n) => ({ table, n, ...Object.fromEntries(names.map((name) => [name, columns[name][n]])) }));
}

/** The number of the article with an id, or -1. */
function articleNamed(id) {
  return column("id").indexOf(id);
}
