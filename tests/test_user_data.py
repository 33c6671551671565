"""What users bring of their own, --lexicons and --gazetteer, as they use it: what it changes, in every process, and what is told when it is wrong."""

import datetime as dt
import json
import time
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.dataset import Dataset
from tests.conftest import annotation_of
from transforms import user_data
from transforms.actors import actors_in
from transforms.actors.gazetteer import gazetteer
from transforms.dates import dates_in
from transforms.words.own_lexicons import LexiconError, check

TEXT = "Norvia Grid cut 30 snarks of cable on Lanternday. Zedo Brel praised the Grid on Friday."


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "one.txt"
    path.write_text(TEXT, "utf-8")
    return path


@pytest.fixture
def lexicons(tmp_path: Path) -> Path:
    folder = tmp_path / "lexicons"
    folder.mkdir()
    (folder / "figures-units.toml").write_text(
        '[length]\nunits = [{ name = "snark", factor = 2.5, words = ["snark", "snarks"] }]\n', encoding="utf-8"
    )
    (folder / "dates-named-days.toml").write_text("[lanternday]\nfixed = [11, 4]\n", "utf-8")
    return folder


@pytest.fixture
def names(tmp_path: Path) -> Path:
    path = tmp_path / "names.csv"
    path.write_text("name,aliases,type,id\nNorvia Grid,the Grid,organisation,Q1\nZedo Brel,,person,Q2\n", "utf-8")
    return path


def extracted(capsys: pytest.CaptureFixture[str], article: Path, *options: str) -> dict[str, list[dict[str, object]]]:
    assert main(["extract", str(article), "--published-at", "2024-11-08", "--format", "json", *options]) == 0
    found: dict[str, list[dict[str, object]]] = json.loads(capsys.readouterr().out)
    return found


def asked(capsys: pytest.CaptureFixture[str], dataset: Path, sql: str) -> list[dict[str, object]]:
    capsys.readouterr()
    assert main(["query", str(dataset), sql, "--format", "json"]) == 0
    found: list[dict[str, object]] = json.loads(capsys.readouterr().out)
    return found


def test_extract_goes_by_lexicons_and_gazetteer_and_by_them_alone(
    capsys: pytest.CaptureFixture[str], article: Path, lexicons: Path, names: Path
) -> None:
    plain = extracted(capsys, article)
    own = extracted(capsys, article, "--lexicons", str(lexicons), "--gazetteer", str(names))
    snarks = next(f for f in own["figures"] if "30" in str(f["text"]))
    assert (snarks["unit_normalised"], snarks["value_normalised"]) == ("snark", 75)
    assert "2024-11-04" in [d["timex_value"] for d in own["dates"]]
    known = {(a["canonical_name"], a["type"], a["external_id"]) for a in own["actors"] if a["external_id"]}
    assert known == {("Norvia Grid", "organisation", "Q1"), ("Zedo Brel", "person", "Q2")}
    again = extracted(capsys, article)
    assert {t: again[t] for t in again if t != "article"} == {t: plain[t] for t in plain if t != "article"}
    assert all(a["external_id"] is None for a in again["actors"])


def test_a_sort_of_source_may_be_added(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    told, folder = tmp_path / "told.txt", tmp_path / "own"
    told.write_text("The scrimshaw says that the mill has closed.", "utf-8")
    folder.mkdir()
    (folder / "sources.toml").write_text('[nouns]\nscrimshaw = { is = ["document"] }\n', "utf-8")
    closed = [
        next(f for f in extracted(capsys, told, *options)["facts"] if f["predicate_lemma"] == "close")
        for options in ((), ("--lexicons", str(folder)))
    ]
    assert [f["source_type"] for f in closed] == ["anonymous", "document"]


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["1", "2"])
def test_every_worker_goes_by_them_and_the_manifest_tells(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, article: Path, lexicons: Path, names: Path, workers: str
) -> None:
    out = tmp_path / "ds"
    options = ["--lexicons", str(lexicons), "--gazetteer", str(names)]
    assert main(["run", str(article), "-o", str(out), "--workers", workers, *options]) == 0
    assert asked(capsys, out, "SELECT unit_normalised AS u FROM figures WHERE text LIKE '30%'") == [{"u": "snark"}]
    assert asked(capsys, out, "SELECT DISTINCT external_id AS i FROM actors WHERE external_id NOT NULL ORDER BY 1") == [
        {"i": "Q1"},
        {"i": "Q2"},
    ]
    told = Dataset.open(out).commits[-1].options
    assert (told["lexicons"], told["gazetteer"]) == (str(lexicons), str(names))
    assert len(told["lexicons_sha256"]) == len(told["gazetteer_sha256"]) == 64


@pytest.mark.slow
def test_other_lexicons_make_no_new_version_but_a_rerun_does_go_by_them(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, article: Path, lexicons: Path, names: Path
) -> None:
    out = tmp_path / "ds"
    assert main(["run", str(article), "-o", str(out), "--workers", "1"]) == 0
    before = asked(capsys, out, "SELECT article_id, version FROM articles_all")
    assert main(["run", str(article), "-o", str(out), "--workers", "1", "--lexicons", str(lexicons), "--recheck"]) == 0
    assert asked(capsys, out, "SELECT article_id, version FROM articles_all") == before
    assert main(["rerun", str(out), "--workers", "1", "--lexicons", str(lexicons), "--gazetteer", str(names)]) == 0
    assert asked(capsys, out, "SELECT article_id, version FROM articles_all") == before
    assert asked(capsys, out, "SELECT unit_normalised AS u FROM figures WHERE text LIKE '30%'") == [{"u": "snark"}]
    assert Dataset.open(out).commits[-1].options["gazetteer"] == str(names)
    assert main(["rerun", str(out), "--workers", "1"]) == 0
    assert asked(capsys, out, "SELECT count(*) AS n FROM actors WHERE external_id NOT NULL") == [{"n": 0}]


def test_what_was_changed_under_the_same_name_is_read_again(lexicons: Path) -> None:
    one = annotation_of("They met on Lanternday and on Bogday.", dt.date(2024, 11, 8))
    with user_data.using(user_data.checked(lexicons, None)):
        assert [d.text for d in dates_in(one)] == ["Lanternday"]
        (lexicons / "dates-named-days.toml").write_text("[bogday]\nfixed = [11, 5]\n", "utf-8")
        user_data.use(user_data.checked(lexicons, None))
        assert [d.text for d in dates_in(one)] == ["Bogday"]
    assert list(dates_in(one)) == []


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("figures-unit", "", "there is no lexicon 'figures-unit' (is it 'figures-units'?); rename the file"),
        ("figures-bounds", "[about]\nbefore = [", "figures-bounds.toml, at its end: no valid TOML"),
        ("figures-bounds", "[about]\nbefore = [,]\n", "figures-bounds.toml, line 2, column 11: no valid TOML"),
        ("figures-bounds", '[about]\nbefor = ["x"]\n', "line 2: there is no key 'befor' in [about] (is it 'before'?)"),
        ("figures-bounds", '[abuot]\nbefore = ["x"]\n', "line 1: there is no key 'abuot' in the lexicon figures-bounds (is it 'about'?)"),
        ("figures-bounds", '[about]\nbefore = "x"\n', "line 2: [about.before] is a list, not text"),
        ("figures-bounds", "[about]\nbefore = [1]\n", "line 2: [about.before] is text, not a number"),
        ("figures-units", "[warp]\nunits = []\n", "line 1: an entry of [warp] has no base"),
        ("figures-units", '[length]\nunits = [{ name = "snark" }]\n', "line 2: an entry of [length.units] has no"),
        ("dates-words", '[month]\nsmarch = "13"\n', "line 2: [month.smarch] is a number, not text"),
        (
            "saying",
            '[verbs]\nopine = { class = "asert" }\n',
            "line 2: class 'asert' of [verbs.opine] is none that rules know (is it 'assert'?)",
        ),
        (
            "saying",
            '[verbs]\nopine = { class = "assert", is = ["thinking"] }\n',
            "line 2: is 'thinking' of [verbs.opine] is none that rules know (is it",
        ),
        (
            "sources",
            '[nouns]\nscroll = { is = ["documnt"] }\n',
            "line 2: is 'documnt' of [nouns.scroll] is none that rules know (is it 'document'?)",
        ),
        ("dates-named-days", "[fooday]\nfixd = [1, 2]\n", "line 2: there is no key 'fixd' in [fooday] (is it 'fixed'?)"),
    ],
)
def test_a_wrong_lexicon_is_told_with_file_line_and_what_to_do(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, article: Path, name: str, text: str, complaint: str
) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / f"{name}.toml").write_text(text, "utf-8")
    assert main(["run", str(article), "-o", str(tmp_path / "ds"), "--lexicons", str(folder)]) == 1
    told = capsys.readouterr().err
    assert f"{name}.toml" in told
    assert complaint in told
    assert not (tmp_path / "ds").exists()


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match="no such folder"):
        check(tmp_path / "nowhere")
    with pytest.raises(LexiconError, match="no lexicon"):
        check(tmp_path)
    (tmp_path / "figures-units.toml").write_bytes(b'x = "\xff"')
    with pytest.raises(LexiconError, match="no UTF-8"):
        check(tmp_path)


@pytest.mark.parametrize("shipped", sorted((Path(user_data.__file__).parent / "lexicons").glob("*.toml")), ids=lambda p: p.stem)
def test_every_shipped_lexicon_may_be_laid_over_itself(tmp_path: Path, shipped: Path) -> None:
    (tmp_path / shipped.name).write_bytes(shipped.read_bytes())
    assert check(tmp_path) == (tmp_path / shipped.name,)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (None, "No such file"),
        ("name;type\nA;person\n", "line 1: no column name and no column type; its first line names the columns"),
        ("name,type,alias\nA,person,B\n", "line 1: unknown column 'alias'; rename it"),
        ("name,type\nA,ship\n", "line 2: type 'ship' is none of person, organisation, place, group; write one of these"),
        ("name,type\nA,person,B\n", "line 2: more values than columns; put quotes"),
        ("name,aliases,type\nA,B,person\nC,B,person\n", "line 3: 'B' stands for somebody else in line 2"),
        ("name,type,country\nA,place,Mexico\n", "line 2: country 'MEXICO' is no code of two letters"),
        ('name,type\n"A,person\n', "no valid CSV"),
    ],
)
def test_a_wrong_gazetteer_is_told_with_file_line_and_what_to_do(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, article: Path, text: str | None, complaint: str
) -> None:
    path = tmp_path / "own.csv"
    if text is not None:
        path.write_text(text, "utf-8")
    assert main(["extract", str(article), "--gazetteer", str(path)]) == 1
    told = capsys.readouterr().err
    assert told.startswith(f"factwire: {path}")
    assert complaint in told


def test_ten_thousand_names_cost_next_to_nothing(tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    path.write_text("name,type\n" + "".join(f"Norvia Works {n},organisation\n" for n in range(10_000)), "utf-8")
    started = time.process_time()
    assert len(gazetteer(path).actors) == 10_000
    assert time.process_time() - started < 20
    one = annotation_of("Norvia Works 77 was sold. " * 200)
    with user_data.using(user_data.checked(None, path)):
        started = time.process_time()
        assert sum(r.rule == "gazetteer-name" for r in actors_in(one)) == 200
        assert time.process_time() - started < 20
