"""Annotated JSON of four tools: the same names from each, repairs with their place, errors with file and line."""

from __future__ import annotations

import json

import pytest

import arner
from arner.errors import LabelledDataError
from arner.training.data.annotations import read_annotations
from arner.training.data.labelled import LabelledSpan

TEXT = "سافر الوفد.\nوصل سامح لباريس ثم «لندن»."
AT = {name: (TEXT.index(name), TEXT.index(name) + len(name)) for name in ("سامح", "باريس", "لندن")}
TYPES = {"سامح": "PER", "باريس": "LOC", "لندن": "LOC"}
SPANS = tuple(LabelledSpan(*AT[name], TYPES[name]) for name in AT)


def spans(start="start", end="end", kind="label"):
    return [{start: s, end: e, kind: TYPES[name]} for name, (s, e) in AT.items()]


RESULT = [
    {"type": "labels", "value": {"start": s, "end": e, "text": name, "labels": [TYPES[name]]}}
    for name, (s, e) in AT.items()
]
RECORDS = {
    "arner": {"text": TEXT, "mentions": spans(kind="type")},
    "doccano": {"text": TEXT, "label": [[s, e, TYPES[name]] for name, (s, e) in AT.items()]},
    "doccano with relations": {"text": TEXT, "entities": spans("start_offset", "end_offset"), "relations": []},
    "Prodigy": {"text": TEXT, "spans": spans(), "answer": "accept"},
    "Label Studio": {"data": {"text": TEXT}, "annotations": [{"result": RESULT, "was_cancelled": False}]},
    "Label Studio, short": {
        "text": TEXT,
        "label": [{"start": s, "end": e, "labels": [TYPES[n]]} for n, (s, e) in AT.items()],
    },
}


def dump(value):
    return json.dumps(value, ensure_ascii=False)


@pytest.mark.parametrize("tool", RECORDS)
@pytest.mark.parametrize("form", ["lines", "list", "one"])
def test_every_tool_gives_the_same_names(write, tool, form):
    record = RECORDS[tool]
    if form == "lines":
        path = write("a.jsonl", f"{dump(record)}\n\n{dump(record)}\n")
    else:
        path = write("a.json", json.dumps([record, record] if form == "list" else record, indent=1))
    texts, _, repairs = read_annotations(path)
    assert [text.spans for text in texts] == [SPANS] * (1 if form == "one" else 2)
    assert repairs == []
    if form == "lines":
        assert [text.source.line for text in texts] == [1, 3]


EXPORTS = {
    "doccano": {"id": 7, "text": TEXT, "label": RECORDS["doccano"]["label"], "Comments": []},
    "doccano with relations": {
        "id": 7,
        "text": TEXT,
        "entities": [{"id": n, **span} for n, span in enumerate(spans("start_offset", "end_offset"))],
        "relations": [{"id": 1, "from_id": 0, "to_id": 1, "type": "visited"}],
        "Comments": [],
    },
    "Label Studio": {
        "id": 1,
        "annotations": [
            {
                "id": 3,
                "completed_by": 1,
                "result": [
                    *({**one, "id": str(n), "from_name": "label", "to_name": "text"} for n, one in enumerate(RESULT)),
                    {"from_id": "0", "to_id": "1", "type": "relation", "direction": "right", "labels": ["visited"]},
                ],
                "was_cancelled": False,
                "ground_truth": False,
            }
        ],
        "drafts": [],
        "predictions": [],
        "data": {"text": TEXT, "outlet": "x"},
        "meta": {},
    },
    "Label Studio, short, under the name of the tag": {
        "text": TEXT,
        "id": 1,
        "ner": RECORDS["Label Studio, short"]["label"],
        "annotator": 1,
        "annotation_id": 3,
        "lead_time": 4.5,
    },
    "Prodigy": {
        "text": TEXT,
        "_input_hash": 1,
        "_task_hash": -2,
        "tokens": [{"text": "سافر", "start": 0, "end": 4, "id": 0, "ws": True}],
        "spans": [{**span, "token_start": 1, "token_end": 1} for span in spans()],
        "_view_id": "ner_manual",
        "answer": "accept",
        "_timestamp": 1,
    },
}


@pytest.mark.parametrize("tool", EXPORTS)
def test_exports_as_the_tools_write_them(write, tool):
    (text,), form, repairs = read_annotations(write("a.jsonl", json.dumps(EXPORTS[tool])))  # ASCII, as many write
    assert (text.spans, repairs) == (SPANS, [])
    assert form.split(",")[0] == tool.split(" with")[0].split(",")[0]


def test_a_text_of_label_studio_without_labels(write):
    (text,), form, _ = read_annotations(write("a.json", dump([{"text": TEXT, "id": 1, "annotation_id": 3}])))
    assert (text.spans, form) == ((), "Label Studio")


def test_tokens_with_tags(write):
    record = {"tokens": ["زار", "سامح"], "ner_tags": ["O", "S-PER"]}
    (text,), form, _ = read_annotations(write("a.jsonl", dump(record)))
    assert (text.token_labels, form) == (("O", "B-PER"), "tokens, BIOES")


def test_a_document_of_our_own(write):
    text = "وصل سامح إلى باريس"
    entities = [arner.Entity(id="e1", type="LOC", name="باريس", mentions=(0, 1))]
    name = arner.Mention(start=13, end=18, text="باريس", type="LOC", entity="e1", score=1.0)
    nominal = arner.Mention(start=4, end=8, text="سامح", type="LOC", entity="e1", score=1.0, kind="nominal")
    document = arner.Document(text=text, mentions=[nominal, name], entities=entities)
    (read,), form, _ = read_annotations(write("a.jsonl", document.to_json()))
    assert (read.spans, form) == ((LabelledSpan(13, 18, "LOC"),), "arner")


def test_words_and_sentences_of_a_document(write):
    (text,), _, _ = read_annotations(write("a.jsonl", dump(RECORDS["arner"])))
    assert text.labels == ("O", "O", "O", "O", "B-PER", "B-LOC", "O", "O", "B-LOC", "O", "O")
    first, second = text.sentences()
    assert (first.text, first.spans) == ("سافر الوفد.", ())
    assert [second.text[span.start : span.end] for span in second.spans] == list(AT)


def test_a_sentence_is_not_cut_within_a_name(write):
    body = "شاهدنا فيلم من هو؟ القاتل أمس. ثم عدنا"
    start = body.index("من")
    record = {"text": body, "label": [[start, body.index(" أمس"), "MISC"]]}
    (text,), _, _ = read_annotations(write("a.jsonl", dump(record)))
    assert [len(sentence.spans) for sentence in text.sentences()] == [1, 0]


REPAIRED = {
    "blanks": ([[4, 9, "PER"]], "blanks cut off", 1),
    "twice": ([[5, 9, "PER"], [5, 9, "PER"]], "twice", 1),
    "nested": ([[0, 9, "ORG"], [5, 9, "PER"]], "only the outer one is read", 1),
    "ends within a word": ([[5, 7, "PER"]], "ends within the word", 1),
    "begins within a word": ([[7, 9, "PER"]], "begins within the word", 1),
    "two in one word": ([[10, 12, "PER"], [12, 15, "LOC"]], "shares a word", 2),
}


@pytest.mark.parametrize("case", REPAIRED)
def test_repairs_are_reported(write, case):
    labels, message, count = REPAIRED[case]
    path = write("a.jsonl", "\n" + dump({"text": "قالت سامح الوفد ثم", "label": labels}))
    (text,), _, repairs = read_annotations(path)
    assert any(str(repair).startswith(f"{path}:2: ") and message in repair.message for repair in repairs)
    assert len(text.spans) == count


def test_a_name_behind_a_proclitic_needs_no_repair(write):
    _, _, repairs = read_annotations(write("a.jsonl", dump({"text": "وصل لباريس", "label": [[5, 10, "LOC"]]})))
    assert repairs == []


def test_what_was_not_accepted_is_left_out(write):
    records = [
        {"text": TEXT, "spans": [], "answer": "reject"},
        {"data": {"text": TEXT}, "annotations": [{"result": RESULT, "was_cancelled": True}]},
        {"data": {"text": TEXT}, "annotations": [{"result": RESULT}, {"result": []}]},
    ]
    texts, _, repairs = read_annotations(write("a.jsonl", "\n".join(map(dump, records))))
    assert len(texts) == 1
    assert ["left out" in str(repair) for repair in repairs] == [True, True, False]
    assert "2 annotations" in str(repairs[2])


BROKEN = {
    "no JSON": ("{", "not JSON"),
    "a string": ('"x"', "expected an object"),
    "no text": ('{"label": []}', 'expected a "text"'),
    "no labels": ('{"text": "x"}', "no labels"),
    "text is a number": ('{"text": 5, "label": []}', 'expected a "text"'),
    "labels no list": ('{"text": "x", "label": "PER"}', "must be a list"),
    "a label of another form": ('{"text": "x", "label": [[0, 1]]}', "a label must be an object"),
    "a field missing": ('{"text": "x", "spans": [{"start": 0, "end": 1}]}', "with start, end, label"),
    "beyond the text": ('{"text": "xy", "label": [[0, 3, "PER"]]}', "not within the text"),
    "backwards": ('{"text": "xy", "label": [[1, 1, "PER"]]}', "not within the text"),
    "negative": ('{"text": "xy", "label": [[-1, 1, "PER"]]}', "not within the text"),
    "no whole numbers": ('{"text": "xy", "label": [[0.0, 1, "PER"]]}', "whole numbers"),
    "true is no number": ('{"text": "xy", "label": [[true, 2, "PER"]]}', "whole numbers"),
    "an empty type": ('{"text": "xy", "label": [[0, 1, ""]]}', "label ''"),
    "a type that is a number": ('{"text": "xy", "label": [[0, 1, 4]]}', "label 4"),
    "only blanks": ('{"text": "x  y", "label": [[1, 3, "PER"]]}', "only blanks"),
    "two types": ('{"text": "xy", "label": [[0, 2, "PER"], [0, 2, "ORG"]]}', "both ORG and PER"),
    "crossing": ('{"text": "a b c", "label": [[0, 3, "PER"], [2, 5, "ORG"]]}', "cross each other"),
    "another text": ('{"text": "xy", "mentions": [{"start": 0, "end": 1, "type": "PER", "text": "z"}]}', "'z'"),
    "a task without text": ('{"data": {"a": 1}, "annotations": []}', 'no "text"'),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_record_is_named(write, case):
    line, message = BROKEN[case]
    path = write("a.jsonl", '{"text": "x", "label": []}\n' + line)
    with pytest.raises(LabelledDataError) as caught:
        read_annotations(path)
    assert str(caught.value).startswith(f"{path}:2: ")
    assert message in str(caught.value)


def test_a_broken_member_of_a_list_is_named(write):
    path = write("a.json", '[\n{"text": "x", "label": []},\n{"text": "x"}\n]')
    with pytest.raises(LabelledDataError, match=r"a\.json:3: "):
        read_annotations(path)
    with pytest.raises(LabelledDataError, match=r"b\.json:2: not JSON"):
        read_annotations(write("b.json", '[{"text": "x", "label": []},\n{"text": '))
