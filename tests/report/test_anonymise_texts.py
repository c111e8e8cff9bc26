"""Names in single texts: what must stay as it is, and what must go."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codesim.report.anonymise import Anonymiser, Known, of_source

# Written apart, so that no file of the project holds the path of a home.
HOME = "/" + "home/"
MAC = "/" + "Users/"

# Code and speech in which nobody is named, however much it looks so.
MUST_STAY = {
    "decorator": "@property\ndef width(self):\n    return self._width",
    "decorator with arguments": "@torch.no_grad()\ndef f(x): ...",
    "decorator of a module": "    @functools.wraps(inner)",
    "matrix product": "scores = q @ k.transpose(-1, -2) + x @w.T + a@b.to(device)",
    "author is a variable": "author = get_author(row)",
    "author is a parameter": "def save(author: Optional[str] = None, user=None): ...",
    "user is a role": '{"role": "user", "content": "hello"}',
    "usual account": 'connect(user="admin", owner="root")',
    "created by code": "# The wrapper created by this function handles all of the aliasing",
    "implemented by code": "this is implemented by chaining `torch.mm` calls",
    "task without a name": "# TODO(later): tidy up; FIXME (2021)",
    "licence text": "THE COPYRIGHT HOLDERS AND CONTRIBUTORS \"AS IS\" AND ANY EXPRESS",
    "licence speaks of itself": "The above copyright notice and this permission notice shall be",
    "grant of a licence": "Grant of Copyright License. Subject to the terms and conditions of",
    "public repository": "see https://github.com/huggingface/transformers/blob/main/x.py",
    "public model": 'AutoModel.from_pretrained("meta-llama/Llama-2-7b-hf")',
    "local model": 'AutoModel.from_pretrained("models/base")',
    "page of a host": "https://huggingface.co/docs/hub and https://github.com/features",
    "mail for examples": "write to someone@example.com or git@github.com",
    "documentation": "@param width the width\n@return a tile\n@see other",
    "data of all": 'open("/data/train/images.csv"), open("/data/tiles.csv")',
    "nothing": "",
    "line ends": "\r\n\n\t \u2028",
}  # fmt: skip


@pytest.mark.parametrize("text", MUST_STAY.values(), ids=MUST_STAY)
def test_stays(text):
    assert Anonymiser.of([], [text])(text) == text


MUST_GO = {
    "copyright with a year": ("# Copyright (c) 2019-2023 Ilsebet Quandorff. All rights reserved.",
                              "# Copyright (c) 2019-2023 Person1. All rights reserved."),
    "copyright of a handle": ("Copyright 2021 quandorff", "Copyright 2021 person1"),
    "copyright without a year": ("Copyright Ilsebet Quandorff", "Copyright Person1"),
    "copyright of an institute": ("(c) 2020 Brumblezot Institute of Tiles, and others",
                                  "(c) 2020 Person1, and others"),
    "copyright sign": ("\u00a9 2024 Ilsebet Quandorff", "\u00a9 2024 Person1"),
    "dunder": ('__author__ = "Ilsebet Quandorff"', '__author__ = "Person1"'),
    "dunder list": ('__credits__ = ["Ilsebet Quandorff", \'Odo Brumblezot\']',
                    '__credits__ = ["Person1", \'Person4\']'),
    "field of a set-up": ('author="Odo Brumblezot",', 'author="Person1",'),
    "field of JSON": ('"author": "Odo Brumblezot"', '"author": "Person1"'),
    "field of YAML": ("authors: Odo Brumblezot, quandorff", "authors: Person1, person4"),
    "entry of TOML": ('authors = [{ name = "Odo Brumblezot", email = "odo@brumblezot.org" }]',
                      'authors = [{ name = "Person1", email = "mail1@example.invalid" }]'),
    "entry of a citation": ("  - family-names: Brumblezot", "  - family-names: Person1"),
    "author in a comment": ("# Author: Ilsebet Quandorff <ilse@zyx-institut.edu>",
                            "# Author: Person1 <mail1@example.invalid>"),
    "author tag": (" * @author quandorff", " * @author person1"),
    "author in Chinese": ("# \u4f5c\u8005\uff1a\u674e\u660e\u660e", "# \u4f5c\u8005\uff1aperson1"),
    "created by": ("# Created by quandorff on 3 May", "# Created by person1 on 3 May"),
    "signed off": ("Signed-off-by: Odo Brumblezot <o@b.org>",
                   "Signed-off-by: Person1 <mail1@example.invalid>"),
    "name all of usual words": ("Author: Mark Long", "Author: Person1"),
    "mail": ("ask ilse.quandorff@zyx-institut.edu.", "ask mail1@example.invalid."),
    "mail that hides a mail": ("1234+quandorff@users.noreply.github.com", "mail1@example.invalid"),
    "address": ("https://github.com/brumblezot/snarkforge.git",
                "https://github.com/person1/project1.git"),
    "address in short": ("git@github.com:brumblezot/snarkforge", "git@github.com:person1/project1"),
    "address of a space": ("huggingface.co/spaces/brumblezot/snarkforge",
                           "huggingface.co/spaces/person1/project1"),
    "page of a person": ("https://brumblezot.github.io/snarkforge/",
                         "https://person1.github.io/project1/"),
    "home page": ("http://www.zyx.edu/~quandorff/x.py", "http://www.zyx.edu/~person1/x.py"),
    "model on the hub": ('from_pretrained("brumblezot/snarkforge-7b")',
                         'from_pretrained("person1/project1")'),
    "home": (f'ROOT = "{HOME}quandorff/data"', f'ROOT = "{HOME}person1/data"'),
    "home on a Mac": (f"{MAC}quandorff/x", f"{MAC}person1/x"),
    "home on Windows": ("C:\\Users\\quandorff\\x", "C:\\Users\\person1\\x"),
    "disk": ('open("/data/quandorff/tiles.csv")', 'open("/data/folder1/tiles.csv")'),
    "prompt": ("quandorff@node:~$ ls", "person1@node:~$ ls"),
    "account": ('wandb.init(entity="brumblezot")', 'wandb.init(entity="person1")'),
    "task": ("# TODO(quandorff): why", "# TODO(person1): why"),
    "handle": ("thanks to @quandorff for this", "thanks to @person1 for this"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "instead"), MUST_GO.values(), ids=MUST_GO)
def test_goes(text, instead):
    assert Anonymiser.of([], [text])(text) == instead


SNARK = [Known("project", "snarkforge"), Known("person", "Ilsebet Quandorff")]


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("import snarkforge.layers", "import project1.layers"),
        ("class SnarkforgeModel(Base)", "class Project1Model(Base)"),
        ("class SnarkForge", "class Project1"),
        ("SNARKFORGE_HOME, SNARK_FORGE", "PROJECT1_HOME, PROJECT1"),
        ("load_snarkforge(snark_forge, snark-forge)", "load_project1(project1, project1)"),
        ("snarkforge7b snarkforge_7b", "project1_7b project1_7b"),
        ("libsnarkforge snarkforgemodel", "libproject1 project1model"),
        ("myForge, snark, forge", "myForge, snark, forge"),
        ("the snark forge is no name", "the snark forge is no name"),
        ("snark.forge(x)", "snark.forge(x)"),
        ("ILSEBET QUANDORFF wrote", "PERSON1 wrote"),
        ("ilsebet.quandorff ilsebet_quandorff IlsebetQuandorff", "person1 person1 Person1"),
        ("Quandorff, Ilsebet", "Person3, Person2"),
        ("quandorff's, (Quandorff)", "person3's, (Person3)"),
        ("Ilsebet\nQuandorff", "Person2\nPerson3"),
    ],
)
def test_a_known_name_in_every_way_of_writing(text, instead):
    assert Anonymiser.of(SNARK, [text])(text) == instead


def test_an_ordinary_word_is_hidden_in_its_place_alone():
    texts = ["https://github.com/martin-x/transformer", "nn.Transformer(x)  # a transformer"]
    change = Anonymiser.of([Known("project", "transformer")], texts)
    assert [change(each) for each in texts] == [
        "https://github.com/person1/project1", "nn.Transformer(x)  # a transformer",
    ]  # fmt: skip
    assert change.name("transformer") == "project1"
    assert change.name("file:transformer#model") == "file:project1#model"


def test_a_public_repository_is_hidden_where_it_is_a_side_itself():
    text = "https://github.com/huggingface/transformers, https://github.com/pytorch/pytorch"
    own = of_source("huggingface/transformers", "https://github.com/huggingface/transformers", None)
    assert Anonymiser.of(own, [text])(text) == (
        "https://github.com/person1/project1, https://github.com/pytorch/pytorch"
    )
    code = "import transformers"
    assert Anonymiser.of(own, [code])(code) == code


def test_a_word_of_public_code_that_only_contains_a_name_stays():
    change = Anonymiser.of([Known("project", "nation")], [])
    assert change("a combination of one nation, its destination") == (
        "a combination of one project1, its destination"
    )


def test_what_is_met_in_one_text_is_hidden_in_all():
    texts = ["# Author: Odo Brumblezot", "def brumblezot_norm(x):", "odobrumblezot/x.py"]
    change = Anonymiser.of([], texts)
    assert [change(each) for each in texts] == [
        "# Author: Person1", "def person3_norm(x):", "person1/x.py",
    ]  # fmt: skip


def test_the_work_of_others_is_hidden_in_its_address_and_not_in_code():
    texts = ["from https://github.com/brumblezot/wobbletorch", "import wobbletorch as wt"]
    change = Anonymiser.of([], texts)
    assert [change(each) for each in texts] == [
        "from https://github.com/person1/project1", "import wobbletorch as wt",
    ]  # fmt: skip


def test_different_names_stay_different():
    texts = [f"odo.brumblezot@{host}" for host in ("zyx.edu", "xyz.edu", "gmail.com")]
    change = Anonymiser.of([], texts)
    assert len({change(each) for each in texts}) == 3


def test_a_revision_is_hidden_whole_and_cut_short():
    revision = "3f2c1ab41d02aa0099" + "0" * 22
    change = Anonymiser.of([Known("revision", revision)], [])
    text = f"at {revision}, 3f2c1ab and 3f2c1ab41d02 but not 3f2c1ac or 3f2c"
    assert change(text) == "at revision1, revision1 and revision1 but not 3f2c1ac or 3f2c"


def test_pseudonyms_are_words_that_no_text_holds():
    text = "person1 = person_2  # Author: Odo Brumblezot"
    change = Anonymiser.of([], [text])
    assert change(text) == "person1 = person_2  # Author: Personx1"
    assert change.pseudonyms["personx1"].text == "Odo Brumblezot"


def test_the_key_tells_who_is_who():
    change = Anonymiser.of(SNARK, ["# Author: Odo Brumblezot <odo@zyx-institut.edu>"])
    who = {name: (each.kind, each.text) for name, each in change.pseudonyms.items()}
    assert who["project1"] == ("project", "snarkforge")
    assert who["person4"] == ("person", "Odo Brumblezot")
    assert who["mail1@example.invalid"] == ("mail", "odo@zyx-institut.edu")
    assert who["host1.invalid"] == ("host", "zyx-institut.edu")


@given(st.text())
def test_any_text_keeps_its_lines(text):
    change = Anonymiser.of(SNARK, [text])
    assert re.findall("[\r\n]", change(text)) == re.findall("[\r\n]", text)


@given(st.text("ab @:/.=\"'<>(),\n~#-_\\", max_size=60))
def test_arbitrary_marks_never_raise(text):
    whole = f"Author{text}copyright{text}github.com{text}@{text}by {text}user={text}"
    assert whole.count("\n") == Anonymiser.of([], [whole])(whole).count("\n")


WAYS = st.sampled_from(["snarkforge", "Snarkforge", "SNARKFORGE", "snark_forge", "SnarkForge"])


@given(st.text(st.characters(exclude_categories=["L"]), max_size=5), WAYS)
def test_a_known_name_never_stays_between_marks(around, way):
    text = f"{around}{way}{around}"
    left = re.sub(r"[\W_]", "", Anonymiser.of(SNARK, [text])(text)).lower()
    assert "snarkforge" not in left


def test_long_lines_take_time_in_proportion():
    """Every repeat in a pattern is bounded: a megabyte of anything is read in seconds."""
    for piece in (
        "a@",
        "user=",
        "copyright (c) ",
        "by A ",
        "github.com/",
        "A ",
        "/" + "home/a",
        "a.",
    ):
        text = piece * (200_000 // len(piece))
        assert Anonymiser.of(SNARK, [text])(text).count("\n") == 0
