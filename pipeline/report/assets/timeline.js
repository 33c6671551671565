// The timeline: what the articles tell, by when it happened.

async function showTimeline(query) {
  const events = await unpacked("events");
  const count = events.row?.length ?? 0;
  const title = h("h1", { tabindex: -1 }, "What happened when");
  if (!count) return h("div", {}, title, h("p", {}, "No fact of these articles says when it happened."));
  const asked = new URLSearchParams(query);
  const filters = {
    words: asked.get("words") ?? "",
    status: asked.get("status") ?? "",
    from: asked.get("from") ?? "",
    to: asked.get("to") ?? "",
  };
  const told = h("p", { class: "told", role: "status" });
  const result = h("div", {});
  function refresh() {
    const left = eventsLeft(events, count, filters);
    const whole = many(count, "event");
    told.textContent = left.length === count ? whole : `${number(left.length)} of ${whole}`;
    result.replaceChildren(h("h2", { class: "unseen" }, "Over time"), chartOf(events, left), ...eventList(events, left).filter(Boolean));
  }
  function change(name, value) {
    filters[name] = value.trim();
    history.replaceState(null, "", `#/timeline?${new URLSearchParams(Object.entries(filters).filter(([, given]) => given))}`);
    refresh();
  }
  refresh();
  const statuses = [...new Set(events.status)].sort();
  const first = [wordsField(filters, "who did what", change)];
  const others = [
    field(
      "Status",
      select(filters.status, [["", "any"], ...statuses.map((status) => [status, status])], (value) => change("status", value)),
    ),
    ...dayFields(filters, change),
    h("div", { class: "field" }, link("#/timeline", { class: "button" }, "Clear all")),
  ];
  const lead = h(
    "p",
    { class: "lead" },
    "Facts by the day on which they happened, or are to happen, as the articles say it; not by the day of publication.",
  );
  return h("div", { class: "timeline" }, title, lead, searchForm("Events", first, others), told, result);
}

/** The numbers of the events that are left, newest first. Of an event that lasts, it is enough that a part lies within the days asked for. */
function eventsLeft(events, count, { words, status, from, to }) {
  const wanted = wordsOf(words);
  const left = [];
  for (let n = 0; n < count; n += 1) {
    const last = events.to?.[n] ?? events.from[n];
    if (status && events.status[n] !== status) continue;
    if ((from && last < from) || (to && events.from[n] > to)) continue;
    if (wanted.length && !wanted.every((word) => plain(clause(events, n)).includes(word))) continue;
    left.push(n);
  }
  return left;
}

function clause(events, n) {
  return [events.who?.[n], events.predicate?.[n], events.object?.[n]].filter(Boolean).join(" ");
}

const EDGE = 0.01; // of the events at each end that a chart leaves out, where it would be wide for their sake
const WIDE = 30 * 365; // days

function chartOf(events, left) {
  const days = left.map((n) => events.from[n]).sort();
  let [first, last] = [0, days.length];
  if (days.length && (Date.parse(days.at(-1)) - Date.parse(days[0])) / DAY > WIDE) {
    first = Math.floor(days.length * EDGE);
    last = days.length - first;
  }
  const counts = new Map();
  for (const each of days.slice(first, last)) counts.set(each, (counts.get(each) ?? 0) + 1);
  const out = [
    first && `${many(first, "event")} before ${day(days[first])}`,
    last < days.length && `${number(days.length - last)} after ${day(days[last - 1])}`,
  ].filter(Boolean);
  const href = (from, to) => `#/timeline?${new URLSearchParams({ from, to })}`;
  return overTime(
    "Events by the day on which they began",
    "event",
    [...counts],
    href,
    out.length > 0 && h("p", { class: "quiet" }, `Not drawn: ${out.join(", ")}.`),
  );
}

function eventList(events, left) {
  let heading = "";
  return growing(
    left.length,
    100,
    (place) => {
      const n = left[place];
      const [from, to] = [events.from[n], events.to?.[n] ?? null];
      const year = `${Number(from.slice(0, 4))}`;
      const within = to && to.slice(0, 7) === from.slice(0, 7);
      const told = within ? `${MONTHS[Number(from.slice(5, 7)) - 1]} ${year}` : year;
      const begins = told !== heading;
      heading = told;
      const id = column("id")[events.article[n]];
      const status = events.status[n];
      return h(
        "li",
        { class: begins ? "begins" : null },
        begins && h("h2", {}, told),
        h(
          "div",
          { class: "event" },
          h("span", { class: "when" }, period(from, to)),
          h(
            "div",
            {},
            link(`#/article/${id}/${events.row[n]}`, {}, clause(events, n)),
            status !== "occurred" && h("span", { class: "tag" }, status),
            h("span", { class: "quiet block" }, titleOf(events.article[n])),
          ),
        ),
      );
    },
    { class: "plain events" },
  );
}
