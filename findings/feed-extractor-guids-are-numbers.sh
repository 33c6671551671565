#!/usr/bin/env bash
# @extractus/feed-extractor 8.0.3 (npm): what in a feed looks like a number becomes one, and a text again.
#   It lets its XML parser guess, so that the guids "0012", "12" and "12.0" are one, "0x1F" is 31, the title "007" is "7" and the text "1e3" is "1000":
#   whoever knows articles by their id takes three for one, and a guid that was stored is not found in the feed. 20 digits stay as they are, so it
#   shows with some sites only. An item without guid and date has the id "0-NaN", all of them the same, and a link makes only part of it.
#   rss-parser 3.13.0 and feedsmith 3.0.1 keep the texts.
#   Cure: xmlParserOptions: { parseTagValue: false }.
#
# Needs Node.js 18 or later.
# Seen: ids and titles of one feed, and with the cure
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
npm install --silent --no-audit --no-fund --prefix "$here" @extractus/feed-extractor@8.0.3

cat >"$here/seen.mjs" <<'JS'
import { extractFromXml } from "@extractus/feed-extractor";

const item = (guid, title) => `<item>${guid && `<guid isPermaLink="false">${guid}</guid>`}<title>${title}</title></item>`;
const items = [["0012", "007"], ["12", "1e3"], ["12.0", "2.50"], ["0x1F", "One"], ["12345678901234567890", "Two"], ["", "Three"], ["", "Four"]];
const feed = `<rss version="2.0"><channel><title>Post</title><link>https://post.example/</link><description>News</description>
${items.map((each) => item(...each)).join("")}</channel></rss>`;

for (const [name, options] of [["by itself", {}], ["with the cure", { xmlParserOptions: { parseTagValue: false } }]])
  console.log(`${name}:`, extractFromXml(feed, options).entries.map(({ id, title }) => `${id} ${title}`).join(", "));
JS
(cd "$here" && node seen.mjs) >"$here/out"
cat "$here/out"
diff "$here/out" - <<'END'
by itself: 12 7, 12 1000, 12 2.5, 31 One, 12345678901234567890 Two, 0-NaN Three, 0-NaN Four
with the cure: 0012 007, 12 1e3, 12.0 2.50, 0x1F One, 12345678901234567890 Two, 0-NaN Three, 0-NaN Four
END
