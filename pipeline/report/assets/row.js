// A row: what it says, what it is tied to, which rule made it.

const POINTS = {
  figure_id: "figures",
  date_id: "dates",
  quote_id: "quotes",
  anchor_row_id: "dates",
  actor_id: "actors",
  figure_ids: "figures",
  date_ids: "dates",
};
const UNSHOWN = new Set([
  "table",
  "n",
  "row_id",
  "rule",
  "said",
  "corrected",
  "start",
  "end",
  "paragraph",
  "content",
  "predicate_start",
  "predicate_end",
]);

/** The columns of a row that point at rows, with the table of these. */
function pointersOf(row) {
  return Object.keys(row)
    .map((name) => [name, Object.entries(POINTS).find(([end]) => name.endsWith(end))?.[1]])
    .filter(([name, table]) => table && !(row.table === "actors" && name === "actor_id"));
}

/** The rows that a row points at: {via, row}. */
function pointedAt(article, row) {
  return pointersOf(row).flatMap(([via, table]) =>
    [row[via]]
      .flat()
      .filter((n) => n !== null && n !== undefined)
      .map((n) => ({ via, row: article.rows[table][n] })),
  );
}

/** The rows that point at a row, or at the actor of which it is a mention. */
function pointing(article, row) {
  const mine = row.table === "actors" ? row.actor_id : row.n;
  return TABLES.flatMap((table) => article.rows[table]).flatMap((other) =>
    pointersOf(other)
      .filter(([via, table]) => table === row.table && [other[via]].flat().includes(mine))
      .map(([via]) => ({ via, row: other })),
  );
}

function rowLink(article, row, ...children) {
  return link(`#/article/${article.id}/${row.row_id}`, {}, ...children);
}

/** A row in a line: its table's swatch and what it says, leading to it. */
function rowLine(article, row) {
  return [swatch(row.table), rowLink(article, row, row.said), row.corrected && h("span", { class: "tag" }, "corrected")];
}

function shownRow(article, row) {
  if (row.table === "unclaimed")
    return [h("h2", {}, swatch("unclaimed"), "Unread"), h("p", {}, "A number, a quotation mark or a word of time that no row covers.")];
  return [
    h("h2", {}, swatch(row.table), capital(ONE[row.table])),
    h("p", { class: "said" }, row.said),
    row.text && h("blockquote", {}, row.text),
    corrected(article, row),
    columnsOf(article, row),
    ties("Leans on", article, pointedAt(article, row)),
    ties(row.table === "actors" ? "Rows of this actor" : "Used by", article, pointing(article, row)),
    othersOf(article, row),
    row.table === "actors" &&
      h("p", {}, link(`#/articles?${new URLSearchParams({ actor: row.canonical_name })}`, {}, `All articles with ${row.canonical_name}`)),
    ruleOf(row),
  ];
}

function corrected(article, row) {
  const mine = article.corrections.filter((made) => made.table_name === row.table && made.row === row.n);
  return (
    mine.length > 0 &&
    h(
      "div",
      { class: "corrected" },
      h("h3", {}, "Put right by a person"),
      h(
        "ul",
        { class: "plain" },
        mine.map((made) => h("li", {}, correction(made, null), ` (${day(made.at)})`)),
      ),
    )
  );
}

function columnsOf(article, row) {
  const pointers = new Set(pointersOf(row).map(([name]) => name));
  const meanings = head.glossary[row.table].columns;
  const names = Object.keys(row).filter(
    (name) => !UNSHOWN.has(name) && !pointers.has(name) && name !== "text" && name !== "actor_id" && said(row[name]),
  );
  return [
    h(
      "dl",
      { class: "columns" },
      names.map((name) => h("div", {}, h("dt", {}, spoken(name)), h("dd", {}, valueOf(article, row[name])))),
    ),
    h(
      "details",
      {},
      h("summary", {}, "What these columns mean"),
      h(
        "dl",
        {},
        names.map((name) => h("div", {}, h("dt", {}, spoken(name)), h("dd", {}, meanings[name]))),
      ),
    ),
  ];
}

function said(value) {
  return value !== null && value !== undefined && value !== "" && value !== false && !(Array.isArray(value) && !value.length);
}

function valueOf(article, value) {
  if (value === true) return "yes";
  if (typeof value === "number") return number(value);
  if (!Array.isArray(value)) return /^\d{4}-\d\d-\d\d$/.test(value) ? day(value) : spoken(value);
  return h(
    "ul",
    { class: "plain" },
    value.map((each) => h("li", {}, Array.isArray(each) ? argument(article, each) : each)),
  );
}

/** A participant of a fact: its role, its words, and the actor whom it names. */
function argument(article, [role, words, actor]) {
  const named = actor === null || actor === undefined ? null : article.rows.actors[actor];
  return [h("span", { class: "quiet" }, `${spoken(role)}: `), named ? rowLink(article, named, words) : words];
}

const MOST_TIES = 12;

function ties(title, article, found) {
  if (!found.length) return null;
  const list = (some) =>
    some.map(({ via, row }) =>
      h("li", {}, rowLine(article, row), h("span", { class: "quiet" }, ` ${spoken(via.replace(/_(row_)?ids?$/, ""))}`)),
    );
  const rest = found.slice(MOST_TIES);
  return h(
    "div",
    { class: "ties" },
    h("h3", {}, title),
    h("ul", { class: "plain" }, list(found.slice(0, MOST_TIES))),
    rest.length > 0 && h("details", {}, h("summary", {}, `${number(rest.length)} more`), h("ul", { class: "plain" }, list(rest))),
  );
}

/** What else the speaker of a quotation says. */
function othersOf(article, row) {
  if (row.table !== "quotes" || row.speaker_actor_id === null || row.speaker_actor_id === undefined) return null;
  const others = article.rows.quotes.filter((quote) => quote !== row && quote.speaker_actor_id === row.speaker_actor_id);
  return ties(
    `More from ${article.rows.actors[row.speaker_actor_id].canonical_name}`,
    article,
    others.map((quote) => ({ via: "", row: quote })),
  );
}

function ruleOf(row) {
  const known = head.glossary[row.table].rules[row.rule];
  const judged =
    known &&
    (known[1] === null ? "never judged on our own gold" : `right in ${percent(known[1], 1)} of ${many(known[2], "row")} of our own gold`);
  return h(
    "div",
    { class: "rule" },
    h("h3", {}, "Rule"),
    h("p", {}, h("code", {}, row.rule), known && `: ${known[0]} (${judged})`),
    h("p", { class: "quiet" }, "Row ", h("code", {}, row.row_id), ", which ", h("code", {}, "factwire explain"), " tells more of."),
  );
}
