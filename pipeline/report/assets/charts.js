// Charts. Bars are tables whose numbers are drawn beside them; columns over time are one SVG, with the same as a table below.

const MOST_COLUMNS = 80;
const DAY = 86_400_000;
const UNITS = ["day", "week", "month", "year", "decade", "century"];

/** A bar for each row [label, count, href]. `heads`: what the labels and the counts are. */
function bars(title, heads, rows, note) {
  const most = Math.max(...rows.map(([, count]) => count), 1);
  const body = rows.map(([label, count, href]) => {
    const bar = h("span", { class: "bar", "aria-hidden": "true" });
    bar.style.setProperty("--share", count / most);
    const name = href ? link(href, {}, label) : label;
    return h("tr", {}, h("th", { scope: "row" }, name), h("td", { class: "drawn" }, bar, h("span", { class: "count" }, number(count))));
  });
  const columns = h(
    "thead",
    { class: "unseen" },
    h(
      "tr",
      {},
      heads.map((name) => h("th", { scope: "col" }, name)),
    ),
  );
  return h(
    "section",
    { class: "chart" },
    heading(title, heads[1]),
    rows.length ? h("table", { class: "bars" }, columns, h("tbody", {}, body)) : h("p", { class: "quiet" }, "none"),
    note,
  );
}

function heading(title, unit) {
  return h("h3", {}, title, unit && h("span", { class: "unit" }, ` ${unit}`));
}

/** One bar cut into shares of a whole, with what each is. Parts are [key, label, count, href]. */
function shares(title, unit, parts, note) {
  const whole = parts.reduce((sum, [, , count]) => sum + count, 0);
  const pieces = parts.map(([key, , count]) => {
    const piece = h("span", { class: `share ${key}` });
    piece.style.setProperty("--share", count / (whole || 1));
    return piece;
  });
  const rows = parts.map(([key, label, count]) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, h("span", { class: `key ${key}`, "aria-hidden": "true" }), label),
      h("td", {}, percent(count, whole)),
      h("td", { class: "quiet" }, number(count)),
    ),
  );
  const columns = h(
    "thead",
    { class: "unseen" },
    h(
      "tr",
      {},
      ["what", "share", unit].map((name) => h("th", { scope: "col" }, name)),
    ),
  );
  return h(
    "section",
    { class: "chart" },
    heading(title, unit),
    h("div", { class: "shares", "aria-hidden": "true" }, pieces),
    h("table", { class: "keys" }, columns, h("tbody", {}, rows)),
    note,
  );
}

function percent(part, whole) {
  const share = whole ? (100 * part) / whole : 0;
  if (share > 0 && share < 0.1) return "< 0.1 %";
  return `${share < 10 ? share.toFixed(1) : Math.round(share)} %`;
}

/** The first day of the unit that a moment lies in. */
function floored(time, unit) {
  const date = new Date(time);
  const year = date.getUTCFullYear();
  if (unit === "day") return utc(year, date.getUTCMonth(), date.getUTCDate());
  if (unit === "week") return floored(time, "day") - ((date.getUTCDay() + 6) % 7) * DAY;
  if (unit === "month") return utc(year, date.getUTCMonth());
  return utc(year - (year % { year: 1, decade: 10, century: 100 }[unit]), 0);
}

/** Date.UTC takes the years 0 to 99 for those of the last century. */
function utc(year, month, day = 1) {
  return new Date(0).setUTCFullYear(year, month, day);
}

function following(time, unit) {
  const date = new Date(time);
  const year = date.getUTCFullYear();
  if (unit === "day") return time + DAY;
  if (unit === "week") return time + 7 * DAY;
  if (unit === "month") return utc(year, date.getUTCMonth() + 1);
  return utc(year + { year: 1, decade: 10, century: 100 }[unit], 0);
}

function iso(time) {
  return new Date(time).toISOString().slice(0, 10);
}

/** Counts by day as columns of equal units of time, without gaps: the finest of which there are not too many. Days are [YYYY-MM-DD, count]. */
function binned(days) {
  if (!days.length) return { unit: "day", bins: [] };
  const times = days.map(([told]) => Date.parse(told));
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const widths = { day: 1, week: 7, month: 30.4, year: 365, decade: 3652, century: 36525 };
  const unit = UNITS.find((each) => (last - first) / DAY / widths[each] < MOST_COLUMNS) ?? "century";
  const bins = [];
  const places = new Map();
  for (let from = floored(first, unit); from <= last; from = following(from, unit)) {
    places.set(from, bins.length);
    bins.push({ from: iso(from), to: iso(following(from, unit) - DAY), count: 0 });
  }
  days.forEach(([, count], n) => {
    bins[places.get(floored(times[n], unit))].count += count;
  });
  return { unit, bins };
}

/** A number that a scale may end in: 1, 2, 2.5 or 5 times a power of ten, and at least `value`. */
function rounded(value) {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  return [1, 2, 2.5, 5, 10].map((each) => each * power).find((each) => each >= value && Number.isInteger(each)) ?? 10 * power;
}

/** Columns over time. `what` is counted; `href(from, to)` leads to what a column counts. */
function overTime(title, what, days, href, note) {
  const { unit, bins } = binned(days);
  if (bins.length < 2) {
    const all = bins.length ? `All ${many(bins[0].count, what)} of ${period(bins[0].from, bins[0].to)}.` : `No ${what} has a day.`;
    return h("section", { class: "chart wide" }, heading(title), h("p", {}, all), note);
  }
  const rows = bins
    .filter((bin) => bin.count)
    .map((bin) =>
      h("tr", {}, h("th", { scope: "row" }, link(href(bin.from, bin.to), {}, period(bin.from, bin.to))), h("td", {}, number(bin.count))),
    );
  const columns = h("tr", {}, h("th", { scope: "col" }, capital(unit)), h("th", { scope: "col" }, capital(`${what}s`)));
  const table = h(
    "details",
    {},
    h("summary", {}, "The same as a table"),
    h("table", { class: "plain" }, h("thead", {}, columns), h("tbody", {}, rows)),
  );
  const label = `${title}: ${many(bins.length, "column")}, told in the table below`;
  return h(
    "section",
    { class: "chart wide" },
    heading(title, `${what}s a ${unit}`),
    h("div", { class: "plot", role: "img", "aria-label": label }, plotted(bins, unit, what, href)),
    table,
    note,
  );
}

const HEIGHT = 140; // pixels of the highest column
const TOP = 10;

/** The scale, and beside it the columns: these are placed in percent, so that they fit any width without their texts being stretched. */
function plotted(bins, unit, what, href) {
  const most = rounded(Math.max(...bins.map((bin) => bin.count)));
  const ticks = [0, most / 2, most].filter(Number.isInteger);
  const y = (count) => TOP + HEIGHT - (HEIGHT * count) / most;
  const scale = h("svg", { class: "scale", width: 8 * number(most).length + 10, height: HEIGHT + TOP + 24 });
  const chart = h("svg", { class: "columns", width: "100%", height: HEIGHT + TOP + 24 });
  for (const tick of ticks) {
    scale.append(h("text", { x: "100%", dx: -8, y: y(tick) + 4, "text-anchor": "end" }, number(tick)));
    chart.append(h("line", { class: tick ? "grid" : "axis", x1: 0, x2: "100%", y1: y(tick), y2: y(tick) }));
  }
  const step = 100 / Math.max(bins.length, 12);
  bins.forEach((bin, n) => {
    const go = () => {
      location.hash = href(bin.from, bin.to);
    };
    const reach = h("rect", { class: "reach", x: `${n * step}%`, width: `${step}%`, y: TOP, height: HEIGHT });
    const tall = h("rect", {
      class: "tall",
      x: `${(n + 0.1) * step}%`,
      width: `${step * 0.8}%`,
      y: y(bin.count),
      height: HEIGHT + TOP - y(bin.count),
    });
    chart.append(h("g", { click: go }, h("title", {}, `${period(bin.from, bin.to)}: ${many(bin.count, what)}`), reach, tall));
  });
  const every = Math.ceil(bins.length / 6);
  for (let n = 0; n < bins.length; n += every) {
    const text = h(
      "text",
      { class: (n / every) % 2 ? "spare" : null, x: `${n * step}%`, y: HEIGHT + TOP + 18 },
      axisLabel(bins[n].from, unit, n === 0 || bins[n].from.slice(0, 4) !== bins[n - every].from.slice(0, 4)),
    );
    chart.append(text);
  }
  return [scale, chart];
}

/** What stands below a column: its day or month, with the year where it is another one than before. */
function axisLabel(from, unit, withYear) {
  const [year, month, date] = from.split("-").map(Number);
  if (unit === "year" || unit === "decade" || unit === "century") return `${year}`;
  const name = MONTHS[month - 1].slice(0, 3);
  const told = unit === "month" ? name : `${date} ${name}`;
  return withYear ? `${told} ${year}` : told;
}
