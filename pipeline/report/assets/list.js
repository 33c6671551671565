// The list of articles, with a search and filters.

let latest = []; // the numbers that the list showed last: an article leads to the one before and behind it

async function showList(query) {
  const filters = filtersOf(query);
  const result = h("div", { class: "results" });
  const told = h("p", { class: "told", role: "status" });
  let turn = 0;
  async function refresh() {
    turn += 1;
    const mine = turn;
    const left = await matching(filters);
    if (mine !== turn) return; // another choice was made meanwhile
    latest = left;
    told.textContent =
      left.length === head.articles ? many(left.length, "article") : `${number(left.length)} of ${many(head.articles, "article")}`;
    const words = wordsOf(filters.words);
    result.replaceChildren(...growing(left.length, 50, (n) => entry(left[n], words), { class: "plain entries" }).filter(Boolean));
  }
  async function change(name, value) {
    filters[name] = value.trim();
    history.replaceState(null, "", `#/articles${queryOf(filters)}`);
    await refresh();
  }
  await refresh();
  return h("div", {}, h("h1", { tabindex: -1 }, "Articles"), form(filters, change), told, result);
}

function form(filters, change) {
  const outlets = [...new Set(column("outlet"))].filter(Boolean).sort((a, b) => a.localeCompare(b, "en"));
  const names = h("datalist", { id: "names-offered" });
  const tables = [
    ...TABLES.map((table) => [table, table]),
    ["unclaimed", "something left unread"],
    ["corrected", "corrections"],
  ];
  const first = [
    wordsField(filters, "in titles and texts", change),
    field(
      "Named",
      h("input", {
        type: "search",
        value: filters.actor,
        list: "names-offered",
        placeholder: "a person, organisation, place",
        input: slowly(async (event) => {
          await offer(names, event.target.value);
          await change("actor", event.target.value);
        }),
      }),
      "wide",
    ),
  ];
  const others = [
    outlets.length > 1 &&
      field(
        "Outlet",
        select(filters.outlet, [["", "all"], ...outlets.map((name) => [name, name])], (value) => change("outlet", value)),
      ),
    field(
      "With",
      select(filters.table, [["", "anything"], ...tables], (value) => change("table", value)),
    ),
    field(
      "Status of a fact",
      select(filters.status, [["", "any"], ...head.statuses.map((status) => [status, status])], (value) => change("status", value)),
    ),
    ...dayFields(filters, change),
    field(
      "Order",
      select(filters.order || "newest", Object.entries(ORDERS), (value) => change("order", value === "newest" ? "" : value)),
    ),
    h("div", { class: "field" }, link("#/articles", { class: "button" }, "Clear all")),
  ];
  return searchForm("Articles", first, [others, names]);
}

async function offer(list, typed) {
  const { names } = await unpacked("names");
  const words = wordsOf(typed);
  const fitting = [];
  for (const name of words.length ? names : []) {
    if (words.every((word) => plain(name).includes(word))) fitting.push(name);
    if (fitting.length === 20) break;
  }
  list.replaceChildren(...fitting.map((name) => h("option", { value: name })));
}

function entry(n, words) {
  const item = h(
    "li",
    { class: "entry" },
    h("h2", {}, link(`#/article/${column("id")[n]}`, {}, titleOf(n))),
    h(
      "p",
      { class: "quiet" },
      [column("outlet")[n], column("day")[n] && day(column("day")[n]), foreign(n) && `${languageName(column("language")[n])}, not analysed`]
        .filter(Boolean)
        .join(" · "),
    ),
    h(
      "ul",
      { class: "counts" },
      TABLES.filter((table) => column(table)[n]).map((table) => h("li", {}, swatch(table), many(column(table)[n], ONE[table]))),
      column("corrected")[n] > 0 && h("li", {}, `${many(column("corrected")[n], "row")} corrected`),
    ),
  );
  if (words.length) passage(n, words).then((found) => found && item.append(found));
  return item;
}

function foreign(n) {
  return column("language")[n] && column("language")[n] !== "en";
}

/** The words around the first that was found, with it marked. */
async function passage(n, words) {
  const text = await textOf(n);
  const where = plain(text).indexOf(words[0]);
  if (where < 0 || plain(text).length !== text.length) return null; // letters with accents move what stands behind them
  const from = text.lastIndexOf(" ", Math.max(where - 60, 0)) + 1;
  const to = text.indexOf(" ", where + words[0].length + 80);
  const end = where + words[0].length;
  return h(
    "p",
    { class: "passage" },
    from > 0 && "… ",
    text.slice(from, where),
    h("mark", {}, text.slice(where, end)),
    text.slice(end, to < 0 ? undefined : to),
    to >= 0 && " …",
  );
}
