"""What one slice of a run takes: some records of a source, or articles that the dataset holds already."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from schemas.article import Article
from schemas.reject import Reject
from transforms.read import records_in
from transforms.read.record import Defaults, place_of
from transforms.read.source import Origin, Source


@dataclass(frozen=True, slots=True)
class FromSource:
    """Records of one source, by their position. What the plan knew to be bad is read again to become a reject."""

    source: Source
    defaults: Defaults
    versions: tuple[tuple[int, int], ...]  # (position, version of the article there)
    rejects: tuple[tuple[int, str], ...] = ()  # (position, reason of what was set aside there)

    @property
    def count(self) -> int:
        """How many articles it holds."""
        return len(self.versions)

    @property
    def entries(self) -> int:
        """How many articles and rejects must come of it at least."""
        return len(self.versions) + len(self.rejects)

    @property
    def ends(self) -> tuple[str, str]:
        """Its first and its last record, by the names under which a person finds them."""
        positions = [position for position, _ in (*self.versions, *self.rejects)]
        return f"{place_of(min(positions))} of {self.source.uri}", f"{place_of(max(positions))} of {self.source.uri}"

    def part(self, first: int, step: int) -> "FromSource":
        """Each `step`th of its articles and of its rejects, from the `first` on."""
        return replace(self, versions=self.versions[first::step], rejects=self.rejects[first::step])

    def from_anywhere(self) -> "FromSource":
        """The same for a process that stands in another folder than this one. Its rows call the source what they would call it here."""
        source = self.source
        named = source.origin or (None if source.address else Origin(source.uri, source.relative_path))
        path, root, pages = (each and str(Path(each).absolute()) for each in (source.path, source.root, source.pages))
        return replace(self, source=replace(source, path=path or "", root=root or "", pages=pages, origin=named))

    def items(self) -> Iterator[Article | Reject]:
        """Yield the articles with their version, and the rejects, in the order of the source.

        What was set aside of an article before is not set aside again with its next version.
        """
        versions, rejects = dict(self.versions), frozenset(self.rejects)
        wanted = frozenset(versions) | frozenset(position for position, _ in rejects)
        for record in records_in(self.source, defaults=self.defaults, positions=wanted):
            version = versions.get(record.position)
            if isinstance(record.item, Article) and version is not None:
                yield replace(record.item, version=version)
            elif isinstance(record.item, Reject) and (record.position, record.item.reason) in rejects:
                yield record.item


@dataclass(frozen=True, slots=True)
class FromDataset:
    """Articles that a dataset holds with their text, to be extracted again."""

    path: str
    articles: tuple[tuple[str, int], ...]  # (article_id, version)

    @property
    def count(self) -> int:
        """How many articles it holds."""
        return len(self.articles)

    @property
    def entries(self) -> int:
        """How many articles must come of it."""
        return len(self.articles)

    @property
    def ends(self) -> tuple[str, str]:
        """Its first and its last article, by the names under which a person finds them."""
        return f"article {self.articles[0][0]}", f"article {self.articles[-1][0]}"

    def part(self, first: int, step: int) -> "FromDataset":
        """Each `step`th of its articles, from the `first` on."""
        return replace(self, articles=self.articles[first::step])

    def from_anywhere(self) -> "FromDataset":
        """The same for a process that stands in another folder than this one."""
        return replace(self, path=str(Path(self.path).absolute()))

    def items(self) -> Iterator[Article | Reject]:
        """Yield the stored articles, as they were read but for what extraction fills in anew."""
        import pyarrow.compute as pc  # only a rerun reads these
        import pyarrow.dataset as ds

        from schemas.arrow import from_dict

        wanted = set(self.articles)
        ids = [i for i, _ in self.articles]
        table = ds.dataset(self.path, format="parquet", partitioning=None).to_table(filter=pc.field("article_id").isin(ids))
        for row in table.to_pylist():
            if (row["article_id"], row["version"]) in wanted:
                yield replace(cast("Article", from_dict(Article, row)), run_id="", unclaimed=())


Take = FromSource | FromDataset


@dataclass(frozen=True, slots=True)
class Takes:
    """Several takes that one process is to read."""

    takes: tuple[Take, ...]

    def items(self) -> Iterator[Article | Reject]:
        """Yield the items of each take."""
        for take in self.takes:
            yield from take.items()
