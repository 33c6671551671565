#!/usr/bin/env bash
# feedparser 6.0.14: of a mail address in an RSS <author> it knows the last part up to its fourth letter. What is left of it is put into the name.
#   "jane@post.example (Jane Roe)" is the address "jane@post.exam" and the name "ple (Jane Roe"; with .online, .agency, .africa and some 1,000 other
#   endings of today likewise. And `entry.author` is the last of several authors alone, with the first one's address behind it in Atom.
#   Cure: take `entry.authors`, and of a name beside an address what stands behind its last bracket.
#
# Seen:
#   rss: [{'name': 'ple (Jane Roe', 'email': 'jane@post.exam'}]
#   atom: Tom Brand (jane@post.exam)
set -euo pipefail

python3 - <<'PY'
import io
import sys

import feedparser

RSS = b"<rss version='2.0'><channel><item><author>jane@post.example (Jane Roe)</author></item></channel></rss>"
ONE, TWO = b"<author><name>Jane Roe</name><email>jane@post.example</email></author>", b"<author><name>Tom Brand</name></author>"
ATOM = b"<feed xmlns='http://www.w3.org/2005/Atom'><entry>" + ONE + TWO + b"</entry></feed>"
rss = [dict(author) for author in feedparser.parse(io.BytesIO(RSS)).entries[0].authors]
atom = feedparser.parse(io.BytesIO(ATOM)).entries[0].author
print("rss:", rss)
print("atom:", atom)
sys.exit(not (rss[0]["name"] == "ple (Jane Roe" and atom == "Tom Brand (jane@post.exam)"))
PY
