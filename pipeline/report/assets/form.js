// The form of filters that list and timeline have.

/** A form of filters; on a narrow screen all but the first fields are folded. */
function searchForm(label, first, others) {
  const rest = h(
    "details",
    { class: "others", open: matchMedia("(min-width: 40rem)").matches },
    h("summary", {}, "More filters"),
    h("div", { class: "fields" }, others),
  );
  return h(
    "form",
    { class: "filters", role: "search", "aria-label": label, submit: (event) => event.preventDefault() },
    h("div", { class: "fields" }, first),
    rest,
  );
}

function field(label, control, width) {
  return h("label", { class: `field ${width ?? ""}` }, h("span", {}, label), control);
}

/** The field for words; `change(name, value)` is told what is typed. */
function wordsField(filters, placeholder, change) {
  const input = slowly((event) => change("words", event.target.value));
  return field("Words", h("input", { type: "search", value: filters.words, placeholder, input }), "wide");
}

/** The fields for the first and the last day. */
function dayFields(filters, change) {
  const day = (name) => h("input", { type: "date", value: filters[name], change: (event) => change(name, event.target.value) });
  return [field("From", day("from")), field("To", day("to"))];
}

function select(value, options, chosen) {
  return h(
    "select",
    { change: (event) => chosen(event.target.value) },
    options.map(([key, label]) => h("option", { value: key, selected: key === value }, label)),
  );
}

/** The same, but only once no more is typed for a moment. */
function slowly(act) {
  let timer;
  return (event) => {
    clearTimeout(timer);
    timer = setTimeout(() => act(event), 150);
  };
}
