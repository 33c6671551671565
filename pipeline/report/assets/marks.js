// Marks: rows drawn into a text. A text is cut where a row begins or ends; each piece carries the marks of all rows that it belongs to.

/** The stretches of the text that a row is marked by: of a quotation what was said, of a fact its verb. */
function stretchesOf(row) {
  if (row.table === "quotes") return row.content;
  if (row.table === "facts") return [[row.predicate_start, row.predicate_end]];
  return [[row.start, row.end]];
}

/** Pieces of [from, to): {start, end, rows}, in order and without gaps; of the rows of a piece the shortest is the first. */
function piecesOf(from, to, rows) {
  const starts = new Map();
  const cuts = new Set([from, to]);
  for (const row of rows) {
    for (const [start, end] of stretchesOf(row)) {
      const [first, last] = [Math.max(start, from), Math.min(end, to)];
      if (first >= last) continue;
      cuts.add(first).add(last);
      if (!starts.has(first)) starts.set(first, []);
      starts.get(first).push({ row, end: last, long: row.end - row.start, begins: start === first && start === stretchesOf(row)[0][0] });
    }
  }
  const places = [...cuts].sort((a, b) => a - b);
  let open = [];
  return places.slice(0, -1).map((start, n) => {
    const starting = starts.get(start) ?? [];
    open = [...open.filter((each) => each.end > start), ...starting];
    const byLength = [...open].sort((a, b) => a.long - b.long);
    return { start, end: places[n + 1], rows: byLength.map((each) => each.row), begins: starting.some((each) => each.begins) };
  });
}

/** The paragraphs of a text as [start, end), without the line ends between them. */
function paragraphsOf(text) {
  const found = [];
  let at = 0;
  const points = text.points ?? text.text;
  for (let n = 0; n <= text.length; n += 1) {
    if (n < text.length && points[n] !== "\n") continue;
    if (text.slice(at, n).trim()) found.push([at, n]);
    at = n + 1;
  }
  return found;
}

/** A text with its rows marked. Only one mark is on the way of the Tab key; from there the arrow keys go from row to row. */
class MarkedText {
  constructor(article, choose) {
    this.article = article;
    this.choose = choose;
    this.pieces = []; // {element, rows, begins}
    const unread = article.unclaimed.map(([start, end], n) => ({ table: "unclaimed", n, start, end, row_id: `unread-${n}` }));
    const rows = [...TABLES.flatMap((table) => article.rows[table]), ...unread];
    const paragraphs = paragraphsOf(article.text).map(([start, end]) =>
      h(
        "p",
        { class: end <= article.body ? "head" : null },
        piecesOf(start, end, rows).map((piece) => this.drawn(piece)),
      ),
    );
    this.element = h("div", { class: "text", keydown: (event) => this.moved(event), focusin: (event) => this.focused(event) }, paragraphs);
    const first = this.pieces.find((piece) => piece.begins);
    if (first) first.element.tabIndex = 0;
  }

  drawn({ start, end, rows, begins }) {
    const text = this.article.text.slice(start, end);
    if (!rows.length) return text;
    const classes = [...new Set(rows.map((row) => row.table))];
    const href = `#/article/${this.article.id}/${rows[0].row_id}`;
    const element = h(
      "a",
      {
        class: `mark ${classes.join(" ")}`,
        href,
        tabindex: -1,
        click: (event) => {
          event.preventDefault();
          element.focus();
        },
      },
      text,
    );
    this.pieces.push({ element, rows, begins });
    return element;
  }

  /** Whether a table is shown; what is hidden is passed over. */
  visible(piece) {
    return piece.rows.some((row) => !this.element.classList.contains(`without-${row.table}`));
  }

  moved(event) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
    let n = this.pieces.findIndex((piece) => piece.element === event.target);
    do n += step;
    while (this.pieces[n] && !(this.pieces[n].begins && this.visible(this.pieces[n])));
    if (!this.pieces[n]) return;
    event.preventDefault();
    this.pieces[n].element.focus();
  }

  focused(event) {
    const piece = this.pieces.find((each) => each.element === event.target);
    if (!piece) return;
    for (const each of this.pieces) each.element.tabIndex = each === piece ? 0 : -1;
    const rows = piece.rows.filter((row) => !this.element.classList.contains(`without-${row.table}`));
    if (rows.length) this.choose(rows);
  }

  /** Show where a row stands. */
  light(row) {
    for (const piece of this.pieces) {
      const mine = piece.rows.includes(row);
      piece.element.classList.toggle("chosen", mine);
      if (mine) piece.element.setAttribute("aria-current", "true");
      else piece.element.removeAttribute("aria-current");
    }
  }

  /** Go to where a row stands; false where it is marked nowhere. */
  go(row) {
    const piece = this.pieces.find((each) => each.rows.includes(row));
    piece?.element.focus({ preventScroll: true });
    piece?.element.scrollIntoView({ block: "center" });
    return Boolean(piece);
  }
}
