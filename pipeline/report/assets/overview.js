// The overview: what there is, in numbers; each of them leads to the articles that it counts.

const SOURCE_TYPES = {
  article: "the article's own word",
  named: "a named source",
  anonymous: "an unnamed source",
  document: "a document",
  outlet: "another outlet",
};
const ACTOR_TYPES = { person: "People", organisation: "Organisations", place: "Places" };
const DONE = { set: "set", drop: "dropped", add: "added" };

function showOverview() {
  const told = head.overview;
  const counts = told.counts.rows[0];
  const found = (key) => `#/articles?${new URLSearchParams(key)}`;
  const days = told.days.rows.filter((row) => row.day).map((row) => [row.day, row.articles]);
  const undated = told.days.rows.filter((row) => !row.day).reduce((sum, row) => sum + row.articles, 0);
  return h(
    "div",
    { class: "overview" },
    h("h1", { tabindex: -1 }, countsTitle(counts)),
    h("p", { class: "lead" }, lead(days)),
    notes(counts),
    numbers(counts, found),
    h("h2", {}, "Coverage"),
    overTime(
      told.days.question,
      "article",
      days,
      (from, to) => found({ from, to }),
      undated > 0 && h("p", { class: "quiet" }, `${many(undated, "article")} without a day.`),
    ),
    h("h2", {}, "Who"),
    h(
      "div",
      { class: "charts four" },
      Object.entries(ACTOR_TYPES).map(([type, name]) =>
        bars(
          name,
          [name, "articles"],
          told.actors.rows.filter((row) => row.type === type).map((row) => [row.name, row.articles, found({ actor: row.name })]),
        ),
      ),
      bars(
        told.speakers.question,
        ["Speaker", "quotes"],
        told.speakers.rows.map((row) => [row.name, row.quotes, found({ actor: row.name })]),
      ),
    ),
    h("h2", {}, "What"),
    h("div", { class: "charts" }, figures(told, found), sources(told), statuses(told, found)),
    h("h2", {}, "How the dataset came to be"),
    h("div", { class: "charts" }, account(told), rejects(told), corrections(told)),
  );
}

function countsTitle(counts) {
  return `${many(counts.articles, "article")}${counts.outlets ? ` of ${many(counts.outlets, "outlet")}` : ""}`;
}

function lead(days) {
  const [{ copies }] = head.overview.copies.rows;
  const span = days.length ? `Published ${days.length === 1 ? "on" : "from"} ${period(days[0][0], days.at(-1)[0])}. ` : "";
  return `${span}${copies ? `${many(copies, "copy", "copies")} of the same texts ${copies === 1 ? "is" : "are"} folded into them. ` : ""}`;
}

/** What a reader must know before the numbers: what was left out, and why. */
function notes(counts) {
  const told = head.overview;
  const only = Object.entries(head.only)
    .filter(([, value]) => value)
    .map(([name, value]) => `${name} ${value}`);
  const languages = told.languages.rows.map((row) => `${number(row.articles)} in ${languageName(row.language)}`);
  const lines = [
    only.length && `Only articles of: ${only.join(", ")}.`,
    head.articles < head.of &&
      `The list, the texts and the timeline have the ${number(head.articles)} newest of ${many(head.of, "article")}; the charts on this page count all of them.`,
    languages.length && `Not analysed, since not in English: ${languages.join(", ")}. These articles are listed without facts.`,
    counts.without_text && `${many(counts.without_text, "article")} kept without text (--text none): they are shown by their rows alone.`,
  ].filter(Boolean);
  return (
    lines.length > 0 &&
    h(
      "ul",
      { class: "notes" },
      lines.map((line) => h("li", {}, line)),
    )
  );
}

function languageName(code) {
  try {
    return new Intl.DisplayNames(["en"], { type: "language" }).of(code) ?? code;
  } catch {
    return code; // what a source called the language need be no code
  }
}

function numbers(counts, found) {
  return h(
    "ul",
    { class: "numbers" },
    TABLES.map((table) =>
      h(
        "li",
        {},
        link(
          found({ table }),
          {},
          h("strong", {}, number(counts[table])),
          h("span", {}, swatch(table), table === "actors" ? "mentions of actors" : table),
        ),
      ),
    ),
  );
}

function figures(told, found) {
  return bars(
    told.figures.question,
    ["kind", "figures"],
    told.figures.rows.map((row) => [spoken(row.kind), row.figures]),
    h("p", { class: "quiet" }, link(found({ table: "figures" }), {}, "Articles with figures")),
  );
}

function sources(told) {
  const counts = new Map(told.sources.rows.map((row) => [row.source_type, row.facts]));
  return shares(
    told.sources.question,
    "facts",
    Object.entries(SOURCE_TYPES).map(([type, label]) => [`source-${type}`, label, counts.get(type) ?? 0]),
  );
}

function statuses(told, found) {
  const whole = told.statuses.rows.reduce((sum, row) => sum + row.facts, 0);
  const rows = told.statuses.rows.filter((row) => row.status !== "occurred" && row.status !== "ongoing");
  const doubtful = told.modalities.rows.filter((row) => row.modality === "alleged" || row.modality === "possible");
  const lines = [...rows.map((row) => [row.status, row.facts]), ...doubtful.map((row) => [row.modality, row.facts])].sort(
    (a, b) => b[1] - a[1],
  );
  const rest = lines.reduce((sum, [, facts]) => sum + facts, 0);
  return bars(
    told.statuses.question,
    ["status", "facts"],
    lines.map(([status, facts]) => [status, facts, found({ status })]),
    rest < whole && h("p", { class: "quiet" }, `Of ${many(whole, "act")} told; a saying is no act here.`),
  );
}

function account(told) {
  const row = told.account.rows[0];
  const terms = ["articles", "rejects", "repeats", "unchanged", "filtered"];
  return h(
    "section",
    { class: "chart" },
    heading(told.account.question, "records"),
    h(
      "table",
      { class: "plain" },
      h(
        "thead",
        { class: "unseen" },
        h(
          "tr",
          {},
          ["what", "records"].map((name) => h("th", { scope: "col" }, name)),
        ),
      ),
      h(
        "tbody",
        {},
        h("tr", { class: "sum" }, h("th", { scope: "row" }, "records read"), h("td", {}, number(row.records))),
        terms.map((term, n) => h("tr", {}, h("th", { scope: "row" }, `${n ? "+" : "="} ${term}`), h("td", {}, number(row[term])))),
      ),
    ),
    h(
      "p",
      { class: "quiet" },
      `Over ${many(row.commits, "commit")} of runs, copies and older versions among them${row.latest ? `; the latest on ${day(row.latest.slice(0, 10))}` : ""}.`,
    ),
  );
}

function rejects(told) {
  if (!told.rejects.rows.length)
    return h("section", { class: "chart" }, heading(told.rejects.question), h("p", { class: "quiet" }, "Nothing was set aside."));
  return h(
    "section",
    { class: "chart" },
    heading(told.rejects.question, "inputs, or parts of them"),
    h(
      "table",
      { class: "plain" },
      h(
        "thead",
        { class: "unseen" },
        h(
          "tr",
          {},
          ["reason", "count"].map((name) => h("th", { scope: "col" }, name)),
        ),
      ),
      h(
        "tbody",
        {},
        told.rejects.rows.map((row) =>
          h(
            "tr",
            {},
            h("th", { scope: "row" }, spoken(row.reason), h("span", { class: "quiet block" }, row.example)),
            h("td", {}, number(row.rejects)),
          ),
        ),
      ),
    ),
  );
}

function corrections(told) {
  const rows = told.corrections.rows;
  if (!rows.length)
    return h("section", { class: "chart" }, heading(told.corrections.question), h("p", { class: "quiet" }, "Nothing was corrected."));
  return h(
    "section",
    { class: "chart" },
    heading(told.corrections.question),
    growing(
      rows.length,
      10,
      (n) => h("li", {}, correction(rows[n], `#/article/${rows[n].article_id}${rows[n].action === "drop" ? "" : `/${rows[n].row_id}`}`)),
      {},
    ),
  );
}

/** One thing put right, in a sentence: "figures “$2 billion”: value set to 2500000000, not 2000000000 (misread)". */
function correction(made, href) {
  const what = made.action === "set" ? `${made.field} set to ${made.value}, not ${made.was}` : DONE[made.action];
  const words = `“${made.text}”`;
  return [`${made.table_name} `, href ? link(href, {}, words) : words, `: ${what}. `, h("q", {}, made.why)];
}
