"""The spaCy component: what it sets on a doc, alone and in a stream, and how it is saved."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import entry_points

import pytest

from arner import Document, Extractor, InputError, ModelError, RuleError

spacy = pytest.importorskip("spacy")

from arner.bridges.spacy import ArnerComponent  # noqa: E402 - after the question whether spaCy is there

TEXT = "وصل بوتين إلى كازاخستان، ثم أقام بالقاهرة. 😀 التقى توكاييف بوتين."


@pytest.fixture
def nlp(list_model):
    nlp = spacy.blank("ar")
    nlp.add_pipe("arner")
    return nlp


def test_every_mention_has_a_span_whose_tokens_cover_it(nlp):
    doc = nlp(TEXT)
    document = doc._.arner
    assert document == Extractor().extract(TEXT)
    group = doc.spans["arner"]
    assert len(group) == len(document.mentions) > 4
    for span, mention, exact in zip(group, document.mentions, group.attrs["exact"], strict=True):
        assert span.start_char <= mention.start < mention.end <= span.end_char
        assert exact == (span.text == mention.text)
        assert (span.label_, span.kb_id_) == (mention.type, document[span.id_].wikidata or "")
    assert [span.text for span, exact in zip(group, group.attrs["exact"], strict=True) if not exact] == ["بالقاهرة"]
    assert doc._.relations == document.relations != ()


def test_names_become_entities_and_those_of_others_stay(nlp, list_model):
    assert [ent.text for ent in nlp(TEXT).ents] == [
        "بوتين",
        "كازاخستان",
        "بالقاهرة",
        "توكاييف",
        "بوتين",
    ]
    ruler = nlp.add_pipe("entity_ruler", before="arner")
    ruler.add_patterns([{"label": "CITY", "pattern": "بالقاهرة"}])
    doc = nlp(TEXT)
    assert [ent.label_ for ent in doc.ents] == ["PER", "LOC", "CITY", "PER", "PER"]
    assert len(doc.spans["arner"]) == len(doc._.arner.mentions)


def test_mentions_that_share_a_token(nlp, monkeypatch):
    """Two names in what spaCy takes for one token: the doc has room for one, the group for both."""
    text = "بوتين/توكاييف"
    mentions = [(0, 5, "e1"), (6, 13, "e2")]
    document = Document.model_validate(
        {
            "text": text,
            "mentions": [
                {"start": a, "end": b, "text": text[a:b], "type": "PER", "entity": e, "score": 1}
                for a, b, e in mentions
            ],
            "entities": [
                {"id": e, "type": "PER", "name": "x", "mentions": [n]} for n, (_, _, e) in enumerate(mentions)
            ],
        }
    )
    monkeypatch.setattr(Extractor, "extract_batch", lambda self, items: [document] * len(items))
    nlp.tokenizer = spacy.tokenizer.Tokenizer(nlp.vocab)  # at blanks alone
    doc = nlp(text)
    assert [span.id_ for span in doc.spans["arner"]] == ["e1", "e2"]
    assert len(doc.ents) == 1


def test_a_stream_gives_what_single_calls_give(nlp):
    texts = [TEXT, "", "طقس جميل.", " \n", "زار بوتين أستانا."] * 3
    docs = list(nlp.pipe(texts, batch_size=4))
    assert [doc._.arner for doc in docs] == [nlp(text)._.arner for text in texts]
    assert [doc.text for doc in docs] == texts
    assert docs[1]._.arner == Document(text="")
    assert docs[1]._.relations == ()


def test_a_doc_goes_to_bytes_and_back(nlp):
    doc = nlp(TEXT)
    back = spacy.tokens.Doc(nlp.vocab).from_bytes(doc.to_bytes())
    assert back._.arner == doc._.arner
    assert back._.relations == doc._.relations
    assert [(s.start, s.end, s.label_, s.id_) for s in back.spans["arner"]] == [
        (s.start, s.end, s.label_, s.id_) for s in doc.spans["arner"]
    ]
    assert spacy.blank("ar")("زار")._.arner is None


def test_a_saved_pipeline_has_its_files_with_it(tmp_path, list_model):
    files = [tmp_path / "z.toml", tmp_path / "a.toml"]
    for file, rule in zip(files, ("visited.noun", "met_with.verb"), strict=True):
        file.write_text(f'[[rule]]\nid = "{rule}"\noff = true\n', encoding="utf-8")
    nlp = spacy.blank("ar")
    nlp.add_pipe("arner", config={"rules": list(map(str, files)), "min_score": 0.25, "date": "2024-11-28"})
    text = "زار بوتين أستانا أمس. زيارة بوتين إلى القاهرة."
    before = nlp(text)
    assert [relation.rule for relation in before._.relations] == ["visited.verb"]
    nlp.to_disk(tmp_path / "saved")
    assert sorted(path.name for path in (tmp_path / "saved" / "arner" / "rules").iterdir()) == [
        "000_z.toml",
        "001_a.toml",
    ]
    for file in files:
        file.unlink()
    again = spacy.load(tmp_path / "saved")
    assert again(text)._.arner == before._.arner
    assert list_model().min_score == 0.25
    again.to_disk(tmp_path / "saved")  # over itself
    assert spacy.load(tmp_path / "saved")(text)._.arner == before._.arner


def test_mistakes_are_told(tmp_path):
    nlp = spacy.blank("ar")
    nlp.add_pipe("arner", config={"model": "no-such-model"})
    with pytest.raises(ModelError, match="no-such-model"):
        nlp("زار بوتين أستانا.")
    with pytest.raises(InputError, match="date"):
        spacy.blank("ar").add_pipe("arner", config={"date": "yesterday"})
    broken = tmp_path / "rules.toml"
    broken.write_text("[[rule", encoding="utf-8")
    nlp.replace_pipe("arner", "arner", config={"rules": [str(broken)]})
    with pytest.raises(RuleError, match=r"rules\.toml"):
        nlp("زار بوتين أستانا.")


def test_an_extension_of_another_is_not_taken_over():
    saved = spacy.tokens.Doc.get_extension("relations")
    spacy.tokens.Doc.set_extension("relations", default=[], force=True)
    try:
        with pytest.raises(InputError, match=r"has defined doc\._\.relations"):
            ArnerComponent()
    finally:
        spacy.tokens.Doc.set_extension("relations", getter=saved[2], force=True)


def test_spacy_finds_the_component_by_itself():
    [found] = entry_points(group="spacy_factories", name="arner")
    assert found.value == "arner.bridges.spacy:make_component"
    code = "import spacy; nlp = spacy.blank('ar'); nlp.add_pipe('arner'); print(nlp.pipe_names)"
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], check=True, stdout=subprocess.PIPE, encoding="utf-8"
    )
    assert run.stdout.strip() == "['arner']"
