#!/usr/bin/env bash
# rss-parser 3.13.0 (npm): the words of an Atom entry whose content is XHTML come in another order.
#   Atom's type="xhtml" is markup that is not escaped, and the parser keeps of an element its text and its children apart: of
#   "<p>The mayor <i>did not</i> say that <b>ships</b> sank.</p>" content is "<p>The mayor  say that  sank.<i>did not</i><b>ships</b></p>", and
#   contentSnippet, the plain text, "The mayor  say that  sank.did notships". A title of that type is an object. And the first <link> is the
#   entry's, be it rel="related", since one without rel, which by Atom is the entry's own, is not looked for.
#   feedsmith 3.0.1 keeps the order, as do gofeed and feedparser.
#   Cure: another parser, or take the content from the XML.
#
# Needs Node.js 18 or later.
# Seen: text, title and link of one entry
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
npm install --silent --no-audit --no-fund --prefix "$here" rss-parser@3.13.0 feedsmith@3.0.1

cat >"$here/seen.mjs" <<'JS'
import { parseFeed } from "feedsmith";
import Parser from "rss-parser";

const xhtml = (inside) => `<div xmlns="http://www.w3.org/1999/xhtml">${inside}</div>`;
const feed = `<feed xmlns="http://www.w3.org/2005/Atom"><title>Post</title><id>urn:f</id><updated>2026-11-30T10:00:00Z</updated><entry>
<id>urn:1</id><updated>2026-11-30T10:00:00Z</updated>
<title type="xhtml">${xhtml("Ships <i>safe</i>")}</title>
<link rel="related" href="https://other.example/"/><link href="https://post.example/1"/>
<content type="xhtml">${xhtml("<p>The mayor <i>did not</i> say that <b>ships</b> sank.</p>")}</content></entry></feed>`;

const [item] = (await new Parser().parseString(feed)).items;
console.log("rss-parser:", item.contentSnippet, "|", typeof item.title, "|", item.link);
const [entry] = parseFeed(feed).feed.entries;
console.log("feedsmith:", entry.content.value, "|", entry.title.value, "|", entry.links.filter((link) => !link.rel)[0].href);
JS
(cd "$here" && node seen.mjs) >"$here/out"
cat "$here/out"
diff "$here/out" - <<'END'
rss-parser: The mayor  say that  sank.did notships | object | https://other.example/
feedsmith: <p>The mayor <i>did not</i> say that <b>ships</b> sank.</p> | Ships <i>safe</i> | https://post.example/1
END
