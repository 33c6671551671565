// Words: numbers, days and names as people read them, and words as they are looked for.

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const ONE = { actors: "actor", figures: "figure", dates: "date", quotes: "quote", facts: "fact", articles: "article" };
const TABLES = ["figures", "dates", "quotes", "facts", "actors"];

function number(value) {
  return Number(value).toLocaleString("en-GB", { maximumFractionDigits: 12 });
}

function many(count, thing, things = `${thing}s`) {
  return `${number(count)} ${count === 1 ? thing : things}`;
}

/** "at_least" as "at least". */
function spoken(word) {
  return String(word).replaceAll("_", " ");
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A day, YYYY-MM-DD, as "5 May 2025". */
function day(iso) {
  const [year, month, date] = iso.split("-").map(Number);
  return `${date} ${MONTHS[month - 1]} ${year}`;
}

function lastOfMonth(year, month) {
  return new Date(new Date(0).setUTCFullYear(year, month, 0)).getUTCDate();
}

/** From one day to another, as short as it is exact: "2024", "May 2025", "3 to 5 May 2025"; open where an end is null. */
function period(from, to) {
  if (!from || !to) return from ? `from ${day(from)}` : `until ${day(to)}`;
  if (from === to) return day(from);
  const [y1, m1, d1] = from.split("-").map(Number);
  const [y2, m2, d2] = to.split("-").map(Number);
  const whole = d1 === 1 && d2 === lastOfMonth(y2, m2);
  if (whole && m1 === 1 && m2 === 12) return y1 === y2 ? `${y1}` : `${y1} to ${y2}`;
  if (whole && y1 === y2) return m1 === m2 ? `${MONTHS[m1 - 1]} ${y1}` : `${MONTHS[m1 - 1]} to ${MONTHS[m2 - 1]} ${y1}`;
  if (y1 === y2 && m1 === m2) return `${d1} to ${day(to)}`;
  return `${day(from)} to ${day(to)}`;
}

/** A text as it is compared: small letters, no accents. */
function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** The words that are looked for: all must be there; what stands in quotation marks stays together. */
function wordsOf(asked) {
  return [...plain(asked).matchAll(/"([^"]+)"|(\S+)/g)]
    .map((found) => (found[1] ?? found[2]).trim())
    .filter((word) => word && word !== '"');
}

/** A text by characters as offsets count them: code points, of which some are two units of a JavaScript string. */
class Characters {
  constructor(text) {
    this.text = text;
    this.points = /[\ud800-\udfff]/.test(text) ? Array.from(text) : null;
    this.length = (this.points ?? text).length;
  }

  slice(start, end) {
    return this.points ? this.points.slice(start, end).join("") : this.text.slice(start, end);
  }
}
