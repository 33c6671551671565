"""Facts: clauses as the parse gives them, then tied to who says so, when, and how firmly.

A clause is read in three looks: tree (what heads a clause, what governs it) -> standing (status by named rules, polarity,
hedges) -> parts (who, what, to whom, when). `link` then calls `facts_from`, once the ids of the other rows are final.
"""

from transforms.facts.clauses import clauses_in as clauses_in
from transforms.facts.facts import facts_from as facts_from
