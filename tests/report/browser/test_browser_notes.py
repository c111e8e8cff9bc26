"""Notes per match: kept, exported, read back, and refused when they are not ours."""

from __future__ import annotations

import json

import pytest


def note(page, match, judgement=None, comment=None):
    page.locator(f"#{match} .note-button").click()
    if judgement:
        page.locator(f"#{match} .note-form input[value={judgement}]").check()
    if comment is not None:
        page.locator(f"#{match} .note-form textarea").fill(comment)


def exported(page):
    with page.expect_download() as waiting:
        page.locator(".export-notes").click()
    download = waiting.value
    assert download.suggested_filename == "codesim-notes.json"
    return json.loads(download.path().read_text("utf-8"))


def bring(page, data, path):
    path.write_text(data if isinstance(data, str) else json.dumps(data), "utf-8")
    page.locator(".import-notes input").set_input_files(path)
    page.wait_for_timeout(200)
    return page.locator(".said").inner_text()


def test_a_note_is_shown_counted_and_still_there_after_a_reload(page):
    note(page, "p1-m2", "confirmed", "The odd <b>scale</b> is the same.")
    note(page, "p1-m4", "dismissed")
    page.reload()
    assert (
        page.locator("#p1-m2 .noted").inner_text()
        == "Note: confirmed: The odd <b>scale</b> is the same."
    )
    assert page.locator("#p1-m4 .noted").inner_text() == "Note: dismissed"
    assert page.locator(".note-count").inner_text() == "2 notes: 1 confirmed, 1 dismissed, 0 open."
    assert "core/steps.py:10-13" in page.locator(".note-table").inner_text()


def test_notes_are_exported_and_read_back(page, open_page, report, tmp_path):
    note(page, "p1-m2", "confirmed", "Same.")
    data = exported(page)
    assert data["schema"] == "codesim/notes/1"
    assert len(data["result_sha256"]) == 64
    assert data["notes"] == [
        {
            "kind": "code",
            "left": {"path": "core/steps.py", "lines": "10-13"},
            "right": {"path": "lib/stages.py", "lines": "10-13"},
            "judgement": "confirmed",
            "comment": "Same.",
        }
    ]
    other = open_page(report)
    assert other.locator(".noted").count() == 0
    assert bring(other, data, tmp_path / "notes.json") == "Imported 1 note."
    assert other.locator("#p1-m2 .noted").inner_text() == "Note: confirmed: Same."
    assert exported(other) == data


def test_a_note_on_a_packed_match_appears_when_it_is_unpacked(page, open_page, report, tmp_path):
    page.keyboard.press("]")
    page.keyboard.press("]")
    page.wait_for_selector("#p2-m1 .note-button")
    note(page, "p2-m1", comment="Moved down.")
    data = exported(page)
    other = open_page(report)
    bring(other, data, tmp_path / "notes.json")
    other.locator(".note-table a", has_text="to the pair").click()
    other.wait_for_selector("#p2-m1 .noted")
    assert other.locator("#p2-m1 .noted").inner_text() == "Note: Moved down."


def test_an_emptied_note_is_gone_and_all_can_be_deleted(page):
    note(page, "p1-m1", "confirmed")
    page.locator("#p1-m1 .note-form input[value='']").check()
    assert page.locator(".noted").count() == 0
    assert page.locator(".note-count").inner_text() == "No notes yet."
    note(page, "p1-m2", "dismissed")
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.locator(".clear-notes").click()
    assert page.locator("#p1-m2 .noted").inner_text() == "Note: dismissed"
    page.once("dialog", lambda dialog: dialog.accept())
    page.locator(".clear-notes").click()
    assert page.locator(".noted").count() == 0
    assert page.locator(".note-form").count() == 0
    page.reload()
    assert page.locator(".note-count").inner_text() == "No notes yet."


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("{", "not JSON"),
        ("[]", "no notes of codesim"),
        ("null", "no notes of codesim"),
        ({"schema": "codesim/notes/2", "notes": []}, "no notes of codesim"),
        ({"schema": "codesim/notes/1", "notes": {}}, "no notes of codesim"),
        (
            {"schema": "codesim/notes/1", "notes": [1, None, {"kind": 1}, {"judgement": "x"}]},
            "Imported 0 notes. 4 could not be read. They were made on another result",
        ),
    ],
)
def test_what_is_no_export_is_refused(page, tmp_path, data, says):
    assert says in bring(page, data, tmp_path / "notes.json")
    assert page.locator(".note-count").inner_text() == "No notes yet."


def test_hostile_notes_are_text(page, tmp_path):
    evil = "<img src=x onerror=alert(1)></script><script>alert(1)</script>"
    side = {"path": evil, "lines": evil}
    data = {
        "schema": "codesim/notes/1",
        "notes": [{"kind": evil, "left": side, "right": side, "judgement": "", "comment": evil}],
    }
    bring(page, data, tmp_path / "notes.json")
    assert evil in page.locator(".note-table").inner_text()
    assert page.locator("img").count() == 0
    assert page.locator("script:not([type])").count() == 1


def test_notes_are_printed_and_their_tools_are_not(page):
    note(page, "p1-m2", "confirmed", "Same.")
    page.emulate_media(media="print")
    assert page.locator("#p1-m2 .noted").is_visible()
    assert not page.locator("#p1-m2 .note-form").is_visible()
    assert not page.locator("#p1-m2 .note-button").is_visible()


def test_two_pages_of_one_report_keep_the_notes_of_both(page, report):
    other = page.context.new_page()
    other.goto(report.as_uri())
    note(page, "p1-m2", "confirmed")
    other.wait_for_selector("#p1-m2 .noted")
    note(other, "p1-m4", "dismissed")
    page.wait_for_selector("#p1-m4 .noted")
    note(page, "p1-m5", comment="Both.")
    page.reload()
    assert page.locator(".note-count").inner_text() == "3 notes: 1 confirmed, 1 dismissed, 1 open."


def test_what_cannot_be_seen_in_a_note_is_shown_as_an_escape(page, tmp_path):
    side = {"path": "core/steps.py", "lines": "10-13"}
    other = {"path": "lib/stages.py", "lines": "10-13"}
    found = {"kind": "code", "left": side, "right": other, "judgement": ""}
    far = {**found, "left": {**side, "path": "a\u202eyp.\u00a0b"}, "comment": "x\U000e0041"}
    notes = [{**found, "comment": "a\u202eb\x07"}, far]
    bring(page, {"schema": "codesim/notes/1", "notes": notes}, tmp_path / "notes.json")
    assert page.locator("#p1-m2 .noted").inner_text() == "Note: a\\u202eb\\x07"
    text = page.locator(".note-table").inner_text()
    assert "a\\u202eyp.\\xa0b" in text
    assert "x\\U000e0041" in text
    assert "a\\u202eb\\x07" in text
