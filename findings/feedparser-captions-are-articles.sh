#!/usr/bin/env bash
# feedparser 6.0.14: the caption of a picture is the article's full text.
#   <media:description>, which Media RSS has for pictures and films, is read as <description> is: the first of the two in an item is `summary`,
#   the second is `content`, the field in which full texts stand (content:encoded). Feeds of large papers have a summary and a caption for each
#   item, so `entry.content[0].value if "content" in entry else entry.summary`, as in so many readers, gives captions, and where the picture
#   stands first the caption is the summary. Nothing in the entry tells which was which. (<media:title> is kept apart, and gives no title.)
#   Cure: take the elements out before, and read once more with them where an entry has no other text, as films have none.
#
# Seen: the caption in content; the caption in summary and the summary in content
set -euo pipefail

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install --quiet --disable-pip-version-check feedparser==6.0.14

cat >"$here/seen.py" <<'PY'
import feedparser

FEED = '<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>Post</title><item>{}</item></channel></rss>'
STORY = "<title>Quay opens</title><description>The story.</description>"
PICTURE = '<media:content url="a.jpg"><media:title>Photo</media:title><media:description>The caption.</media:description></media:content>'

for order, inside in (("picture behind", STORY + PICTURE), ("picture before", PICTURE + STORY), ("no picture", STORY)):
    feed = feedparser.parse(FEED.format(inside))
    assert not feed.bozo
    (entry,) = feed.entries
    print(f"{order}: title {entry.title!r}, summary {entry.summary!r}, content {[content.value for content in entry.get('content', ())]}")
PY
"$here/venv/bin/python" "$here/seen.py" >"$here/out"
cat "$here/out"
diff "$here/out" - <<'END'
picture behind: title 'Quay opens', summary 'The story.', content ['The caption.']
picture before: title 'Quay opens', summary 'The caption.', content ['The story.']
no picture: title 'Quay opens', summary 'The story.', content []
END
