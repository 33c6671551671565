"""Copies: articles of different identity whose words are the same or nearly so. Never dropped; counted once by who wants it.

`fingerprint` gives an article the columns that it is compared by. Before a slice is committed, `clusters_of` compares
its articles with one another and with the committed ones that `recent` asks for, and gives the rows to add to `clusters`.
A slice without articles touches nothing and needs no query.

    article = replace(article, **fingerprint(article.text)._asdict())
    ...
    fresh = [candidate_of(row) for row in staged articles]
    rows = clusters_of(fresh, recent(staged articles, committed), run_id=run_id)
"""

from transforms.repeats.candidate import Candidate
from transforms.repeats.copy_clusters import clusters_of
from transforms.repeats.fingerprint import Fingerprint, fingerprint, signature
from transforms.repeats.recent import Committed, candidate_of, recent
from transforms.repeats.time_window import Window

__all__ = ["Candidate", "Committed", "Fingerprint", "Window", "candidate_of", "clusters_of", "fingerprint", "recent", "signature"]
