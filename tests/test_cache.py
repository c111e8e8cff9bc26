"""The store: whatever happens to it, a value comes back whole or not at all."""

from __future__ import annotations

import os
import random
import signal
import stat
import subprocess
import sys
import time

import pytest

from codesim.cache import Cache, key_of, user_cache

KEY = key_of("kind", "version", "id")
OTHER = key_of("kind", "version", "other id")


def _value(cache, key=KEY):
    found = cache.get(key)
    return None if found is None else bytes(found)


def _files(cache):
    return sorted(path for path in cache.folder.glob("??/*") if path.is_file())


@pytest.fixture
def cache(tmp_path):
    return Cache(tmp_path / "values")


@pytest.mark.parametrize("pieces", [[], [b""], [b"abc"], [b"a", memoryview(b"bc")], [b"x" * 99999]])
def test_what_is_put_comes_back(cache, pieces):
    assert cache.put(KEY, pieces)
    assert _value(cache) == b"".join(pieces)
    assert _value(Cache(cache.folder)) == b"".join(pieces)
    assert _value(cache, OTHER) is None
    assert cache.problem == ""


def test_the_last_value_counts(cache):
    for value in (b"first", b"second and longer", b"third"):
        cache.put(KEY, [value])
        assert _value(cache) == value
    assert len(_files(cache)) == 1


def test_keys_do_not_run_together():
    parts = [("ab", "c"), ("a", "bc"), ("abc",), ("abc", ""), ("", "abc"), ("\udc80",), ()]
    assert len({key_of(*each) for each in parts}) == len(parts)
    assert key_of("a", "b") == key_of("a", "b")


def test_every_flipped_byte_is_a_miss_and_can_be_written_over(cache):
    cache.put(KEY, [b"a value of some bytes"])
    (path,) = _files(cache)
    whole = path.read_bytes()
    for at in range(len(whole)):
        for bit in (1, 128):
            path.write_bytes(whole[:at] + bytes([whole[at] ^ bit]) + whole[at + 1 :])
            assert cache.get(KEY) is None
    cache.put(KEY, [b"again"])
    assert _value(cache) == b"again"


def test_every_cut_and_everything_added_is_a_miss(cache):
    cache.put(KEY, [b"a value of some bytes"])
    (path,) = _files(cache)
    whole = path.read_bytes()
    for size in range(len(whole)):
        path.write_bytes(whole[:size])
        assert cache.get(KEY) is None
    path.write_bytes(whole + b"\0")
    assert cache.get(KEY) is None


def test_a_value_under_the_name_of_another_is_a_miss(cache):
    cache.put(KEY, [b"of the first"])
    (first,) = _files(cache)
    cache.put(OTHER, [b"of the second"])
    (second,) = set(_files(cache)) - {first}
    second.write_bytes(first.read_bytes())
    assert cache.get(OTHER) is None
    assert _value(cache) == b"of the first"


@pytest.mark.parametrize("intruder", ["folder", "pipe", "link", "loop", "sparse"])
def test_what_is_no_value_is_a_miss(cache, intruder, tmp_path):
    cache.put(KEY, [b"value"])
    (path,) = _files(cache)
    moved = path.rename(tmp_path / "moved")
    if intruder == "folder":
        path.mkdir()
    elif intruder == "pipe":
        os.mkfifo(path)
    elif intruder == "sparse":
        path.touch()
        os.truncate(path, 1 << 40)
    else:
        path.symlink_to(moved if intruder == "link" else path)
    assert cache.get(KEY) is None
    assert cache.put(KEY, [b"again"]) is (intruder != "folder")


def test_a_value_that_would_crowd_out_the_rest_is_not_kept(tmp_path):
    cache = Cache(tmp_path / "values", limit=80_000)
    assert not cache.put(KEY, [b"x" * 10_000])
    assert cache.problem == ""
    assert cache.put(KEY, [b"x" * 9_000])


def test_the_store_stays_within_its_limit_and_drops_what_was_not_used(tmp_path):
    limit = 2_000_000
    cache = Cache(tmp_path / "values", limit)
    keys = [key_of(str(number)) for number in range(200)]
    for number, key in enumerate(keys):
        assert cache.put(key, [bytes([number]) * 40_000])
        assert _value(cache, keys[0]) is not None, "it was used all the time"
        time.sleep(0.0005)  # file times tell the order
        assert sum(path.stat().st_size for path in _files(cache)) <= limit
    assert cache.get(keys[1]) is None
    assert _value(cache, keys[-1]) == bytes([199]) * 40_000
    assert cache.problem == ""


def test_leftovers_of_killed_writers_go_with_the_next_eviction(tmp_path):
    cache = Cache(tmp_path / "values", limit=400_000)
    cache.put(KEY, [b"value"])
    folder = _files(cache)[0].parent
    old, young = folder / "new-old", folder / "new-young"
    for path in (old, young):
        path.write_bytes(b"half a val")
    os.utime(old, (1, 1))
    for number in range(20):
        cache.put(key_of(str(number)), [b"x" * 5_000])
    assert not old.exists()
    assert young.exists(), "its writer may be at work"


# -- where it stands ------------------------------------------------------------------------------


def test_off_means_off(monkeypatch, tmp_path):
    monkeypatch.setenv("CODESIM_CACHE_DIR", str(tmp_path))
    for word in ("off", "OFF", "0", "no", "false"):
        monkeypatch.setenv("CODESIM_CACHE", word)
        cache = user_cache()
        assert not cache.enabled
        assert not cache.put(KEY, [b"value"])
        assert cache.get(KEY) is None
    assert list(tmp_path.iterdir()) == []


def test_the_folder_can_be_chosen_and_is_ours_alone(monkeypatch, tmp_path):
    monkeypatch.setenv("CODESIM_CACHE_DIR", str(tmp_path / "chosen" / "place"))
    cache = user_cache()
    assert cache.put(KEY, [b"value"])
    assert user_cache() is cache
    assert cache.folder.is_relative_to(tmp_path / "chosen" / "place")
    assert stat.S_IMODE(cache.folder.stat().st_mode) == 0o700
    assert [stat.S_IMODE(path.stat().st_mode) for path in _files(cache)] == [0o600]


def test_by_default_it_is_in_the_cache_directory_of_the_user(monkeypatch, tmp_path):
    monkeypatch.delenv("CODESIM_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "user"))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert user_cache().folder.is_relative_to(tmp_path)


def test_a_folder_open_to_others_is_closed(tmp_path):
    folder = tmp_path / "values"
    folder.mkdir()
    folder.chmod(0o777)
    assert Cache(folder).put(KEY, [b"value"])
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_folder_of_somebody_else_is_not_trusted(tmp_path, monkeypatch):
    Cache(tmp_path / "values").put(KEY, [b"value"])
    somebody = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: somebody)
    cache = Cache(tmp_path / "values")
    assert cache.get(KEY) is None
    assert not cache.put(KEY, [b"value"])
    assert "belongs to somebody else" in cache.problem


def test_a_link_instead_of_the_folder_is_not_followed(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "values").symlink_to(tmp_path / "elsewhere")
    cache = Cache(tmp_path / "values")
    assert not cache.put(KEY, [b"value"])
    assert cache.problem
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_place_that_cannot_be_written_is_no_error(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    cache = Cache(tmp_path / "file" / "values")
    assert not cache.put(KEY, [b"value"])
    assert cache.get(KEY) is None
    assert "Not a directory" in cache.problem


def test_a_folder_that_disappears_is_no_error(cache):
    cache.put(KEY, [b"value"])
    cache.folder.rename(cache.folder.with_name("gone"))
    assert cache.get(KEY) is None
    assert not cache.put(KEY, [b"value"])
    assert cache.problem


# -- other processes ------------------------------------------------------------------------------


def _python(code, *arguments):
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)], stdout=subprocess.PIPE, text=True
    )


FULL_DISK = """
import resource, sys
from pathlib import Path
from codesim.cache import Cache, key_of
cache, key = Cache(Path(sys.argv[1])), key_of("a")
cache.put(key, [b"old"])
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
print(cache.put(key, [b"new" * 100_000]), cache.problem != "", bytes(cache.get(key)))
"""


def test_a_full_disk_keeps_the_old_value_and_leaves_no_litter(cache):
    out, _ = _python(FULL_DISK, cache.folder).communicate(timeout=30)
    assert out.split() == ["False", "True", "b'old'"]
    assert len(_files(cache)) == 1


WRITER = """
import sys
from pathlib import Path
from codesim.cache import Cache, key_of
cache, letter = Cache(Path(sys.argv[1])), sys.argv[2].encode()
print("ready", flush=True)
for number in range(int(sys.argv[3])):
    size = 1000 + 977 * (number % 50)
    assert cache.put(key_of(str(number % 5)), [letter * size])
assert not cache.problem
"""


def _is_whole(value):
    return value is None or (len(value) >= 1000 and len(set(value)) == 1)


def test_two_processes_write_at_once(cache):
    writers = [_python(WRITER, cache.folder, letter, 400) for letter in "ab"]
    seen = set()
    while any(writer.poll() is None for writer in writers):
        for number in range(5):
            value = _value(cache, key_of(str(number)))
            assert _is_whole(value)
            seen.add(value and value[:1])
    assert [writer.wait() for writer in writers] == [0, 0]
    for writer in writers:
        writer.stdout.close()
    assert seen & {b"a", b"b"}
    assert len(_files(cache)) == 5


def test_killed_writers_do_no_harm(cache):
    chance = random.Random(1)
    for _ in range(5):
        with _python(WRITER, cache.folder, "k", 10**6) as writer:
            writer.stdout.readline()
            time.sleep(chance.uniform(0.0, 0.03))
            writer.send_signal(signal.SIGKILL)
        for number in range(5):
            assert _is_whole(_value(cache, key_of(str(number))))
    assert cache.put(KEY, [b"value"])
    assert _value(cache) == b"value"
