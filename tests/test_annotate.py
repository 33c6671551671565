"""Annotation: language, pieces of long texts, lemmas, what crosses between processes, a model loaded again."""

import datetime as dt
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc
from spacy.vocab import Vocab

from tests.conftest import annotation_of, article_of
from transforms.annotate import Annotated
from transforms.annotate import model as model_module
from transforms.annotate.language import detected, recognised
from transforms.annotate.model import ModelMissingError, annotated
from transforms.annotate.pieces import joined, pieces
from transforms.annotate.sentence_starts import set_sentence_starts
from transforms.annotate.tokens import lemma_of
from transforms.article.datelines import dateline_end
from transforms.extract import rows_of

LINE = "The mayor of Norvik said on Monday that 40 people had been hurt. "


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The mayor said on Monday that the bridge would be closed for two weeks.", "en"),
        ("El presidente dijo ayer que no aceptará tropas extranjeras en su territorio.", "es"),
        ("Le président a déclaré hier que la réunion était reportée à la semaine prochaine.", "fr"),
        ("Президент заявил вчера, что переговоры продолжатся на следующей неделе.", "ru"),
        ("大統領は昨日、会談が来週に延期されたと述べた。", "ja"),
        ("US Sen. Tom Harkin", "en"),
        ("Взрыв в Одессе", "ru"),
        ("Türkiye seçime gidiyor", "tr"),
        ("Statsministeren sa i går at regjeringen vil legge fram forslaget neste uke.", "nb"),
        # Sure German and Swedish to other detectors, or to an older one of ours: words in no list, and tables.
        ("The figure of 5.216 million people, or 12.6% of the working-age population, is the highest since 2001.", "en"),
        ("Racing pundit John McBirrick has become the latest contestant to be evicted from the house.", "en"),
        ("Shr 1.09 dlrs vs 1.20 dlrs\nNet 1,193,000 vs 1,361,000\nRevs 18.7 mln vs 17.3 mln\nAvg shrs 9,270,000 vs 9,396,000", "en"),
        ("„Die Mutter des Entführers nahm mich in den Arm“", "de"),
        # Letters of foreign names among English words, and of English names among foreign ones.
        ("Nguyễn Thị Hương of Hà Nội beat Chloé Dubois-Lefèvre by two strokes at the open in Đà Nẵng.", "en"),
        ("Erdoğan, Şimşek and Kılıçdaroğlu spoke in Eskişehir; none of them named a date.", "en"),
        ("João Gonçalves scored twice as São Bento beat Atlético Paranaense in Belém.", "en"),
        ("José Ramírez-Núñez and Željko Ivanković met Łukasz Żak in São Tomé. Zak did not sign.", "en"),
        ("Björn Borgström och Łukasz Piątek vann dubbeln i Gävle på lördagen, sade arrangörerna.", "sv"),
        ("De burgemeester van Győr is in de stad en was met de trein.", "nl"),
        ("Si Pangulong Duterte ay nakipagpulong kay Đurić sa Maynila noong Lunes.", "tl"),
        ("市長は月曜日、橋の建設を発表した。“We will not be moved by the price of it,” と述べ、工事は六月に始まると説明した。", "ja"),
        ("Die Frau war in Bad Ems, wo der Mann in der Bar was hat.", "de"),
        ("USD115", None),
        ("In Norvia: Norix 50 -1.3% NVSE -0.6% NAC -1.7%", None),
        ("$1", None),
        ("", None),
    ],
)
def test_language(text: str, language: str | None) -> None:
    assert detected(text)[0] == language


def test_the_detector_is_not_asked_about_plain_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transforms.annotate.language._identifier", lambda: pytest.fail("asked"))
    language, confidence = detected(
        "The minister said on Monday that the bridge and the qvarnstege in Norvia would be closed until summer."
    )
    assert (language, confidence) == ("en", 0.9333)  # 14 of 15 words in small letters


def test_a_language_that_the_source_gives_stands() -> None:
    from dataclasses import replace

    given_one = replace(article_of("Das ist ein Text."), language="nl")
    assert recognised(given_one) is given_one


@given(st.text(st.sampled_from("ab \n"), max_size=400), st.integers(1, 50))
def test_pieces_join_to_the_text(text: str, limit: int) -> None:
    assert "".join(pieces(text, limit=limit)) == text


def test_pieces_end_at_paragraphs() -> None:
    text = "one two\nthree four\nfive six"
    assert list(pieces(text, limit=12)) == ["one two\n", "three four\n", "five six"]


def test_a_long_text_is_cut_and_put_together_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "\n".join(f"{LINE}It was day {i}." for i in range(40))
    whole = rows_of(next(annotated([article_of(text, dt.date(2024, 5, 6))])))
    monkeypatch.setattr(pieces, "__kwdefaults__", {"limit": 500})
    cut = next(annotated([article_of(text, dt.date(2024, 5, 6))]))
    assert cut.doc.text == text
    assert all(text[t.idx : t.idx + len(t)] == t.text for t in cut.doc)
    assert [(f.start, f.end, f.value) for f in rows_of(cut).figures] == [(f.start, f.end, f.value) for f in whole.figures]


def test_pieces_are_put_together_as_spacy_does_it() -> None:
    texts = [f"{LINE}It's gonna cost them $5m.\n\n", "\n", f"  “{LINE}” she said on Friday,", " and left for Oslo "]
    nlp = model_module.model()
    docs = list(nlp.pipe(texts))
    whole, spacys = joined(iter(docs), nlp.vocab), Doc.from_docs(docs, ensure_whitespace=False)
    assert whole.text == "".join(texts)
    assert whole.to_json() == spacys.to_json()
    assert [(t.norm_, t.left_edge.i, t.right_edge.i, t.n_lefts) for t in whole] == [
        (t.norm_, t.left_edge.i, t.right_edge.i, t.n_lefts) for t in spacys
    ]


@pytest.mark.parametrize(
    ("form", "tag", "pos", "lemma"),
    [
        ("troops", "NNS", "NOUN", "troop"),
        ("said", "VBD", "VERB", "say"),
        ("is", "VBZ", "AUX", "be"),
        ("n't", "RB", "PART", "not"),
        ("’s", "VBZ", "AUX", "be"),
        ("’s", "VBP", "VERB", "be"),
        ("’s", "POS", "PART", "'s"),
        ("Sheinbaum", "NNP", "PROPN", "Sheinbaum"),
        ("largest", "JJS", "ADJ", "large"),
        ("wo", "MD", "AUX", "will"),
        ("re-elected", "VBN", "VERB", "re-elect"),
        ("vice-presidents", "NNS", "NOUN", "vice-president"),
    ],
)
def test_lemmas(form: str, tag: str, pos: str, lemma: str) -> None:
    assert lemma_of(form, tag, pos) == lemma


def test_an_annotated_article_survives_pickling() -> None:
    text = f"{LINE}“It is sad,” she added."
    before = next(annotated([article_of(text, dt.date(2024, 5, 6))]))
    packed = pickle.dumps(before)
    after: Annotated = pickle.loads(packed)
    assert len(packed) < 60_000, "the vocabulary or the tensor went along"
    assert [(t.text, t.lemma_, t.pos_, t.dep_, t.head.i) for t in after.doc] == [
        (t.text, t.lemma_, t.pos_, t.dep_, t.head.i) for t in before.doc
    ]
    assert rows_of(after) == rows_of(before)


def test_other_languages_get_an_empty_doc_and_no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    def refuse(_: str) -> None:
        raise AssertionError("the model was loaded")

    monkeypatch.setattr(model_module, "model", refuse)
    found = list(annotated([replace(article_of("Hola, mundo."), language="es")]))
    assert len(found[0].doc) == 0
    assert not rows_of(found[0]).facts


def test_sentences_end_at_line_ends() -> None:
    doc = next(annotated([article_of("Mayor refuses to resign\n\nThe mayor of Norvik said so on Monday.")])).doc
    assert [s.text.strip() for s in doc.sents] == ["Mayor refuses to resign", "The mayor of Norvik said so on Monday."]


@pytest.mark.parametrize(
    ("dateline", "sentence"),
    [
        ("NAIROBI, March 11, 2025 - ", "Savanna Power said it would shrink."),
        ("PORT-AU-PRINCE, Haiti (AP) — ", "Gangs shut the port."),
        ("A title\n\nParis, 3 February (Agency) – ", "“We go on,” she said."),
        ("SAN FRANCISCO, Calif., Feb. 3, 2024 -- ", "Acme fell."),
        ("UNITED NATIONS — ", "The council met."),
        ("A title\nMumbai: ", "The bank cut its rate."),
        ("SINGAPORE: ", "Two sisters were fined."),
    ],
)
def test_a_dateline_ends_before_its_sentence(dateline: str, sentence: str) -> None:
    assert dateline_end(dateline + sentence) == len(dateline)
    [made] = annotated([article_of(dateline + sentence)])
    assert len(dateline) in [s.start_char for s in made.doc.sents]


@pytest.mark.parametrize(
    "text",
    [
        "A man - Who was he?",
        "Berlin — Police said so.",
        "Home 2-1 Away - A late goal won it.",
        "",
        "We left - Then it rained.",
        "Roe: We will go on.",
        "Why now: The answer",
    ],
)
def test_no_dateline(text: str) -> None:
    assert dateline_end(text) is None


def test_a_model_that_has_grown_is_loaded_again(monkeypatch: pytest.MonkeyPatch) -> None:
    first = model_module.model()
    assert model_module.model() is first
    monkeypatch.setattr(model_module, "_GROWTH", -1)
    assert model_module.model() is not first


@pytest.mark.parametrize("name", ["en_not_there", "xx"])
def test_a_missing_model_is_said_in_a_sentence(name: str) -> None:
    with pytest.raises(ModelMissingError, match="not installed"):
        model_module.model(name)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("It lost $5m. The memo says so.", 2),
        ("It ran 40km.\nThe end", 2),
        ("It lost “$5m.” She wept.", 2),
        ("They use 12V. “It works,” he said.", 2),
        ("Exports were 1.5 million b/d. It cut supply.", 2),
        ("It cost $5m. in all.", 1),
        ("In 2010 A. Roe left.", 1),
        ("It left at 5 p.m. Tuesday.", 1),
    ],
)
def test_a_sentence_ends_behind_a_unit(text: str, sentences: int) -> None:
    doc = annotation_of(text).doc
    assert len(list(doc.sents)) == sentences
    assert doc.text == text


def test_no_sentence_starts_behind_a_plain_word_or_a_comma() -> None:
    words = ["Waqar", "Noor", ",", "of", "Dera", ",", "spoke", ".", "“", "We", "ran", "”", "He", "left", "\n", "Inc.", "Then", "rain"]
    doc = Doc(Vocab(), words=words)
    doc[1].is_sent_start = True  # set by who knows better
    set_sentence_starts(doc, doc.text)
    assert [t.text for t in doc if t.is_sent_start is False] == [",", "of", "Dera", ",", "spoke", ".", "ran", "”", "left", "\n", "rain"]
    assert doc[1].is_sent_start


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("They re-opened it.", ["They", "re-opened", "it", "."]),
        (
            "Her (vice-chair’s) “pro-Norvian” E-mail",
            ["Her", "(", "vice-chair", "’s", ")", "“", "pro", "-", "Norvian", "”", "E", "-", "mail"],
        ),
        ("A well-known, re- or ex-king", ["A", "well", "-", "known", ",", "re-", "or", "ex", "-", "king"]),
        ("Lashkar-e-Zarn lost 1-0 to Co-3", ["Lashkar", "-", "e", "-", "Zarn", "lost", "1", "-", "0", "to", "Co-3"]),
    ],
)
def test_a_word_with_a_prefix_stays_whole(text: str, tokens: list[str]) -> None:
    assert [t.text for t in annotation_of(text).doc] == tokens


@pytest.mark.parametrize(
    "sentence", ["Ann Roe wasn't able to leave.", "It's called Norvia.", "Lund said: I'm sure he's gone.", "O'Brien didn't stay."]
)
def test_a_typographic_apostrophe_is_read_as_a_plain_one(sentence: str) -> None:
    plain, curly = (annotation_of(text).doc for text in (sentence, sentence.replace("'", "’")))
    assert [(t.tag_, t.dep_, t.lemma_.replace("’", "'"), t.ent_type_) for t in curly] == [
        (t.tag_, t.dep_, t.lemma_, t.ent_type_) for t in plain
    ]
