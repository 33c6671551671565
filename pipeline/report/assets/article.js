// An article: its main facts, its text with the rows marked, and beside it the row that is in focus.

let opened = null; // the article that is shown: {id, go(row_id)}

async function showArticle(id, rowId) {
  const n = articleNamed(id);
  if (n < 0)
    return notHere(
      "No such article",
      "It is not in this page: it may be a copy, older than the newest that the page holds, or of another dataset.",
    );
  const article = await articleOf(n);
  const panel = h("aside", { class: "panel", "aria-label": "Row in focus", "aria-live": "polite" });
  const choose = (rows) => shown(panel, article, rows, marked);
  const marked = article.text ? new MarkedText(article, choose) : null;
  opened = { id, go: (name) => go(article, marked, choose, name) };
  const view = h(
    "article",
    { class: "article" },
    headOf(article),
    mainFacts(article),
    h(
      "div",
      { class: "reading" },
      h("div", { class: "column" }, marked ? [legend(article, marked), marked.element] : withoutText(article), allRows(article)),
      panel,
    ),
  );
  shown(panel, article, [], marked);
  if (rowId) queueMicrotask(() => requestAnimationFrame(() => opened?.go(rowId)));
  return view;
}

function notHere(title, why) {
  return h("div", {}, h("h1", { tabindex: -1 }, title), h("p", {}, why), h("p", {}, link("#/articles", {}, "To the list of articles")));
}

function go(article, marked, choose, name) {
  const row = TABLES.flatMap((table) => article.rows[table]).find((each) => each.row_id === name);
  if (!row) return;
  if (!marked?.go(row)) document.querySelector(`[data-row="${CSS.escape(name)}"]`)?.scrollIntoView({ block: "center" });
  choose([row]);
}

/** Show rows in the panel: the first whole, the others named. */
function shown(panel, article, rows, marked) {
  marked?.light(rows[0] ?? null);
  panel.classList.toggle("empty", !rows.length);
  if (!rows.length) {
    panel.replaceChildren(
      h(
        "p",
        { class: "quiet" },
        "Choose a mark in the text to see what was read there. With the keyboard: Tab into the text, then the arrow keys from row to row.",
      ),
    );
    return;
  }
  const [row, ...others] = rows;
  if (row.table !== "unclaimed") history.replaceState(null, "", `#/article/${article.id}/${row.row_id}`);
  panel.replaceChildren(
    h(
      "button",
      {
        type: "button",
        class: "close",
        click: () => {
          shown(panel, article, [], marked);
          history.replaceState(null, "", `#/article/${article.id}`);
        },
      },
      "Close",
    ),
    ...[
      shownRow(article, row),
      others.length > 0 &&
        h(
          "div",
          { class: "ties" },
          h("h3", {}, "Also read here"),
          h(
            "ul",
            { class: "plain" },
            others
              .filter((each) => each.table !== "unclaimed")
              .map((each) =>
                h(
                  "li",
                  {},
                  h(
                    "button",
                    {
                      type: "button",
                      class: "bare",
                      click: () => shown(panel, article, [each, ...rows.filter((other) => other !== each)], marked),
                    },
                    swatch(each.table),
                    each.said,
                  ),
                ),
              ),
          ),
        ),
    ]
      .flat(Infinity)
      .filter(Boolean),
  );
  panel.scrollTop = 0;
}

function headOf(article) {
  const { n } = article;
  const published = column("day")[n] ? day(column("day")[n]) : "no day of publication";
  const place = latest.indexOf(n);
  const [before, behind] = [latest[place - 1], latest[place + 1]].map((other) => (place < 0 || other === undefined ? null : other));
  const others = article.copies.map((copy) => [
    copy.url ? link(copy.url, {}, copy.outlet ?? copy.url) : (copy.outlet ?? "no outlet"),
    copy.kind ? ` (${copy.kind})` : "",
  ]);
  return h(
    "header",
    {},
    !head.single &&
      h(
        "nav",
        { class: "steps", "aria-label": "Articles of the list" },
        link(`#/articles`, {}, "All articles"),
        before !== null && link(`#/article/${column("id")[before]}`, {}, "Previous"),
        behind !== null && link(`#/article/${column("id")[behind]}`, {}, "Next"),
      ),
    h("h1", { tabindex: -1 }, article.title),
    h(
      "p",
      { class: "quiet" },
      [column("outlet")[n], article.byline, published, article.version > 1 && `version ${article.version}`].filter(Boolean).join(" · "),
    ),
    h("p", { class: "quiet" }, article.url ? link(article.url, {}, article.url) : article.source),
    foreign(n) && h("p", { class: "notice" }, `In ${languageName(column("language")[n])}, so it was not analysed.`),
    others.length > 0 &&
      h(
        "p",
        { class: "quiet" },
        "The same text: ",
        others.map((other, place) => [place ? ", " : "", ...other]),
      ),
    droppedOf(article),
  );
}

/** What a person has dropped has no row any more; it is told here. */
function droppedOf(article) {
  const dropped = article.corrections.filter((made) => made.action === "drop");
  return (
    dropped.length > 0 &&
    h(
      "div",
      { class: "corrected" },
      h("p", {}, "Dropped by a person:"),
      h(
        "ul",
        { class: "plain" },
        dropped.map((made) => h("li", {}, correction(made, null))),
      ),
    )
  );
}

function mainFacts(article) {
  if (!article.main.length) return null;
  return h(
    "section",
    { class: "main-facts" },
    h("h2", {}, "Main facts"),
    h("p", { class: "quiet" }, "Of the headline and the first paragraphs."),
    h(
      "ol",
      { class: "plain" },
      article.main.map((n) => h("li", {}, rowLine(article, article.rows.facts[n]))),
    ),
  );
}

/** What the marks mean, and which are shown. */
function legend(article, marked) {
  const counts = [...TABLES.map((table) => [table, article.rows[table].length]), ["unclaimed", article.unclaimed.length]];
  const choices = counts
    .filter(([, count]) => count)
    .map(([table, count]) => {
      const box = h("input", {
        type: "checkbox",
        checked: true,
        change: () => marked.element.classList.toggle(`without-${table}`, !box.checked),
      });
      const name = { unclaimed: "left unread", facts: "facts, by their verbs", actors: "actors" }[table] ?? table;
      return h("label", {}, box, swatch(table), `${name} `, h("span", { class: "quiet" }, number(count)));
    });
  return h("fieldset", { class: "legend" }, h("legend", {}, "Marked in the text"), choices);
}

function withoutText(article) {
  const numbers = [...new Set(TABLES.flatMap((table) => article.rows[table]).map((row) => row.paragraph ?? 0))].sort((a, b) => a - b);
  return [
    h("p", { class: "notice" }, "This article is kept without its text (--text none): its rows are all there is."),
    numbers.map((paragraph) =>
      h(
        "section",
        {},
        h("h2", {}, `Paragraph ${paragraph + 1}`),
        h(
          "ul",
          { class: "plain rows" },
          TABLES.flatMap((table) => article.rows[table])
            .filter((row) => (row.paragraph ?? 0) === paragraph)
            .sort((a, b) => a.start - b.start)
            .map((row) => h("li", { "data-row": row.row_id }, rowLine(article, row))),
        ),
      ),
    ),
  ];
}

/** Every row, table by table, folded. */
function allRows(article) {
  return h(
    "section",
    { class: "all-rows" },
    h("h2", {}, "All rows"),
    TABLES.filter((table) => article.rows[table].length).map((table) =>
      h(
        "details",
        {},
        h("summary", {}, swatch(table), many(article.rows[table].length, ONE[table])),
        h("p", { class: "quiet" }, head.glossary[table].row),
        h(
          "ol",
          { class: "plain rows" },
          article.rows[table].map((row) => h("li", {}, rowLine(article, row))),
        ),
      ),
    ),
  );
}
