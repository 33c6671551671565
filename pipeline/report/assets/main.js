// The page as a whole: its head, and which view the address asks for.

const VIEWS = { "": "Overview", articles: "Articles", timeline: "Timeline" };

function masthead(chosen) {
  const entries = Object.entries(VIEWS).map(([path, name]) =>
    h("li", {}, link(`#/${path}`, { "aria-current": chosen === path ? "page" : null }, name)),
  );
  document
    .getElementById("masthead")
    .replaceChildren(
      h("p", { class: "brand" }, head.dataset),
      head.single ? "" : h("nav", { "aria-label": "Views" }, h("ul", {}, entries)),
    );
}

function colophon() {
  document
    .getElementById("colophon")
    .replaceChildren(
      h(
        "p",
        {},
        `Made by Factwire ${head.factwire} from commit ${number(head.commit)} of ${head.dataset}. Rows are read by rules: each points at the words it was read from, and may be wrong. This page asks the network for nothing.`,
      ),
    );
}

async function viewOf(path, name, rowId, query) {
  if (!VIEWS[path] || path || head.single) await listLoaded();
  if (path === "articles") return showList(query);
  if (path === "article") return showArticle(name, rowId);
  if (path === "timeline") return showTimeline(query);
  return head.single ? showArticle(column("id")[0], rowId) : showOverview();
}

let turn = 0;

async function show() {
  const [route, query] = location.hash.replace(/^#\/?/, "").split("?");
  const [path, name, rowId] = route.split("/");
  if (path === "article" && opened?.id === name && rowId) {
    opened.go(rowId);
    return;
  }
  turn += 1;
  const mine = turn;
  opened = null;
  const view = await viewOf(path, name, rowId, query ?? "");
  if (mine !== turn) return;
  masthead(path === "article" ? "articles" : path);
  document.getElementById("view").replaceChildren(view);
  const title = view.querySelector("h1");
  document.title = title.textContent === head.dataset ? head.dataset : `${title.textContent} · ${head.dataset}`;
  if (moved && !rowId) {
    title.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }
  moved = true;
  document.documentElement.dataset.shown = path || "overview";
}

let moved = false; // whether another view was shown before: a reader who has just opened the page is left where it begins

function failed(error) {
  document
    .getElementById("view")
    .replaceChildren(
      h("h1", {}, "This page cannot be shown"),
      h("p", {}, `${error.message ?? error}. It needs a browser of 2023 or later.`),
    );
  throw error;
}

/** On paper nothing is folded. */
function unfolded() {
  for (const each of document.querySelectorAll("details")) each.open = true;
}

unpacked("head")
  .then(async (found) => {
    head = found;
    colophon();
    window.addEventListener("hashchange", () => show().catch(failed));
    window.addEventListener("beforeprint", unfolded);
    await show();
  })
  .catch(failed);
