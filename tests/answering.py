"""A small dataset made by hand, without the model: five articles, one of them a copy, one kept without its text, one of two versions."""

import datetime as dt
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pipeline.dataset import Commit, Dataset, writing
from pipeline.dataset.rewrite import rows_by_table
from schemas.actor import Actor
from schemas.article import Article
from schemas.cluster import Cluster
from schemas.date import Date
from schemas.fact import Fact
from schemas.fact_row import Stretch
from schemas.figure import Figure
from schemas.ids import digest, row_id, text_sha256
from schemas.quote import Quote
from schemas.reject import Reject
from transforms.flow.write import write_rows

DEAL = (
    "Norvia refuses harbour deal\n\n"
    "Prime Minister Ann Lee said on Friday that Norvia would never sell the harbour to Quaro Shipping. "
    "Norvia's profit rose to $2.7 billion last year, up from $2.5 billion in 2023. "
    'Mr. Holt of Quaro said: "We offered €3 billion for it." Some 12 of 40 piers are 1½ km long.'
)
PROFIT = "Norvia's profit put at $2.8 billion by analysts. Its debt was $800 million."
POUNDS = "Quaro counts its ships\n\nNorvia's profit was £2.7 billion. Quaro has 17 ships."
BEFORE = "Quaro counts its ships\n\nQuaro has 16 ships."


class Told:
    """The rows of one article, by the words that they stand on."""

    def __init__(
        self, number: int, text: str, outlet: str, day: str, *, title: str | None = None, version: int = 1, keep: bool = True
    ) -> None:
        self.text, self.rows = text, {"actors": [], "figures": [], "dates": [], "quotes": [], "facts": []}
        self.sha = text_sha256(text)
        self.own: dict[str, Any] = {
            "article_id": digest("article", number),
            "version": version,
            "outlet": outlet,
            "published_at": dt.datetime.fromisoformat(f"{day}T08:00:00+00:00"),
            "run_id": "r1",
        }
        self.article = Article(
            **self.own,
            source_uri=f"wire/{number}.txt",
            canonical_url=f"https://{outlet.lower().replace(' ', '')}.example/{number}",
            input_format="jsonl",
            title=title or text.split("\n", maxsplit=1)[0],
            published_local_date=dt.date.fromisoformat(day),
            published_origin="metadata",
            fetched_at=dt.datetime(2025, 7, 1, tzinfo=dt.UTC),
            language="en",
            text=text if keep else None,
            text_sha256=self.sha,
            unclaimed=(Stretch(start=(at := text.index("1½")), end=at + 2),) if "1½" in text else (),
        )

    def place(self, words: str, within: str = "") -> tuple[int, int]:
        begin = self.text.index(within) if within else 0
        start = self.text.index(words, begin)
        return start, start + len(words)

    def add(self, table: str, words: str, *, within: str = "", **columns: Any) -> str:
        cls = {"actors": Actor, "figures": Figure, "dates": Date, "quotes": Quote, "facts": Fact}[table]
        start, end = self.place(words, within)
        number = sum((r.start, r.end) == (start, end) for r in self.rows[table])
        identity = row_id(table, self.own["article_id"], self.sha, start, end, number)
        self.rows[table].append(cls(**self.own, row_id=identity, start=start, end=end, text=words, **{"rule": "prepared"} | columns))
        return identity

    def actor(self, name: str, kind: str, *, within: str = "", **columns: Any) -> str:
        actor = digest("actor", self.own["article_id"], name)
        self.add("actors", name, within=within, mention="name", name=name, canonical_name=name, actor_id=actor, type=kind, **columns)
        return actor


def told() -> Iterator[Told]:
    """The articles."""
    for number, outlet in ((1, "Example News"), (2, "Copy Daily")):
        deal = Told(number, DEAL, outlet, "2025-05-05")
        lee = deal.actor("Ann Lee", "person", title="Prime Minister")
        norvia, quaro = deal.actor("Norvia", "place", within="that Norvia"), deal.actor("Quaro Shipping", "organisation")
        holt = deal.actor("Holt", "person")
        deal.actor("Quaro", "organisation", within="Mr. Holt of")
        friday = deal.add(
            "dates",
            "Friday",
            timex_type="DATE",
            timex_value="2025-05-02",
            anchor_origin="published",
            start_date=dt.date(2025, 5, 2),
            end_date=dt.date(2025, 5, 2),
            relative=True,
            anchor_date=dt.date(2025, 5, 5),
        )
        earlier = deal.add(
            "dates",
            "2023",
            timex_type="DATE",
            timex_value="2023",
            anchor_origin="explicit",
            start_date=dt.date(2023, 1, 1),
            end_date=dt.date(2023, 12, 31),
        )
        last = deal.add(
            "dates",
            "last year",
            timex_type="DATE",
            timex_value="2024",
            anchor_origin="published",
            start_date=dt.date(2024, 1, 1),
            end_date=dt.date(2024, 12, 31),
        )
        money = {
            "kind": "money",
            "currency": "USD",
            "currency_origin": "symbol",
            "unit_normalised": "dollar",
            "counted": "profit",
            "counted_head": "profit",
            "base": "Norvia",
            "rule": "money-sign",
        }
        risen = deal.add("figures", "$2.7 billion", value=2.7e9, change_role="to", date_id=last, actor_id=norvia, **money)
        deal.add("figures", "$2.5 billion", value=2.5e9, change_role="from", date_id=earlier, actor_id=norvia, **money)
        deal.add("figures", "12 of 40", kind="ratio", value=0.3, counted="piers", counted_head="pier", bound="about")
        hull = "Norvia would never sell the harbour to Quaro Shipping"
        quote = deal.add(
            "quotes",
            hull,
            kind="indirect",
            content=(Stretch(start=deal.place(hull)[0], end=deal.place(hull)[1]),),
            speaker_text="Ann Lee",
            speaker_actor_id=lee,
            cue_text="said",
            cue_class="neutral",
        )
        words = "We offered €3 billion for it."
        said = 'Mr. Holt of Quaro said: "We offered €3 billion for it."'
        direct = deal.add(
            "quotes",
            said,
            kind="direct",
            content=(Stretch(start=deal.place(words)[0], end=deal.place(words)[1]),),
            speaker_text="Mr. Holt",
            speaker_actor_id=holt,
            cue_text="said",
        )
        deal.add("figures", "€3 billion", kind="money", currency="EUR", value=3e9, quote_id=direct, rule="money-sign")
        verb = deal.place("sell")
        deal.add(
            "facts",
            hull,
            subject="Norvia",
            subject_actor_id=norvia,
            predicate="would never sell",
            predicate_lemma="sell",
            predicate_start=verb[0],
            predicate_end=verb[1],
            object="the harbour",
            polarity="negative",
            status="refused",
            modality="reported",
            source_type="named",
            source_text="Ann Lee",
            source_actor_id=lee,
            quote_id=quote,
            object_actor_id=quaro,
        )
        verb = deal.place("said")
        deal.add(
            "facts",
            "Prime Minister Ann Lee said on Friday",
            subject="Ann Lee",
            subject_actor_id=lee,
            predicate="said",
            predicate_lemma="say",
            predicate_start=verb[0],
            predicate_end=verb[1],
            is_reporting=True,
            date_ids=(friday,),
            happened_start=dt.date(2025, 5, 2),
            happened_end=dt.date(2025, 5, 2),
        )
        verb = deal.place("rose")
        deal.add(
            "facts",
            "Norvia's profit rose to $2.7 billion last year, up from $2.5 billion in 2023",
            subject="Norvia's profit",
            predicate="rose",
            predicate_lemma="rise",
            predicate_start=verb[0],
            predicate_end=verb[1],
            figure_ids=(risen,),
            date_ids=(last, earlier),
            happened_start=dt.date(2024, 1, 1),
            happened_end=dt.date(2024, 12, 31),
        )
        yield deal
    profit = Told(3, PROFIT, "Other Times", "2025-06-01", keep=False)
    money = {"kind": "money", "currency": "USD", "counted_head": "profit", "rule": "money-sign", "unit_normalised": "dollar"}
    profit.add("figures", "$2.8 billion", value=2.8e9, counted="its profit", base="Norvia", **money)
    profit.add("figures", "$800 million", value=8e8, **money | {"counted": "Its debt", "counted_head": "debt"})
    verb = profit.place("put")
    profit.add(
        "facts",
        "Norvia's profit put at $2.8 billion by analysts",
        subject="analysts",
        predicate="put",
        predicate_lemma="put",
        predicate_start=verb[0],
        predicate_end=verb[1],
        object="Norvia's profit",
        source_type="anonymous",
        source_text="analysts",
    )
    yield profit
    ships = Told(4, BEFORE, "Other Times", "2025-06-10")
    ships.add("figures", "16", kind="count", value=16.0, counted="ships", counted_head="ship")
    yield ships
    ships = Told(4, POUNDS, "Other Times", "2025-06-11", version=2)
    ships.add(
        "figures",
        "£2.7 billion",
        value=2.7e9,
        counted="profit",
        base="Norvia",
        **money | {"currency": "GBP", "unit_normalised": "pound sterling"},
    )
    ships.add("figures", "17", kind="count", value=17.0, counted="ships", counted_head="ship")
    yield ships


def made(root: Path, more: Iterable[Told] = ()) -> Path:
    """Write the dataset, with some more articles."""
    rows: dict[str, list[Any]] = {"articles": [], "clusters": [], "rejects": []}
    for each in (*told(), *more):
        rows["articles"].append(each.article)
        for table, found in each.rows.items():
            rows.setdefault(table, []).extend(found)
    first, copy = (digest("article", n) for n in (1, 2))
    for article, canonical in ((first, True), (copy, False)):
        rows["clusters"].append(
            Cluster(
                article_id=article,
                version=1,
                cluster_id=min(first, copy),
                is_canonical=canonical,
                duplicate_kind=None if canonical else "exact",
            )
        )
    rows["rejects"].append(
        Reject(
            scope="record",
            step="parse",
            reason="bad_json",
            message="no JSON: mend line 3",
            source_uri="wire/bad.jsonl",
            position="line 3",
            run_id="r1",
            rejected_at=dt.datetime(2025, 7, 1, tzinfo=dt.UTC),
        )
    )
    with writing(Dataset.create(root)) as writer:
        folder = writer.staging("r1", "0000")
        staged = [write_rows(table, found, folder, "0000") for table, found in rows.items() if found]
        writer.commit(Commit(run="r1", slice="0000", staged=staged, rows=rows_by_table(staged)))
    return root
