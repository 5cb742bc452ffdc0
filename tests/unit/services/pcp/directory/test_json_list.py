"""A list of entries is read through a window: what comes out does not depend on where the window ends."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path

import pytest

from services.pcp.directory import json_list
from services.pcp.directory.json_list import UnreadableFile, read_json_list

ENTRIES: list[object] = [{"name": "Núñez 李"}, [1, [2, {}]], 'a, ] " \\ b', 12345, -1.5e3, True, None, {}, []]


def watch_none(_file: str, _read: int, _size: int) -> None: ...


def read(path: Path, text: str) -> list[object]:
    path.write_text(text, encoding="utf-8")
    return list(read_json_list(path, watch_none))


@pytest.mark.parametrize("chunk", [1, 2, 3, 7, 64, 1 << 20])
@pytest.mark.parametrize("layout", [{}, {"indent": 2}, {"separators": (",", ":")}, {"ensure_ascii": False}])
def test_entries_are_those_of_the_whole_file_wherever_a_chunk_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int, layout: dict[str, object]
) -> None:
    monkeypatch.setattr(json_list, "CHUNK_BYTES", chunk)
    assert read(tmp_path / "a.json", json.dumps(ENTRIES, **layout)) == ENTRIES  # type: ignore[arg-type]  # options of json
    assert read(tmp_path / "a.json", " [ ] \n") == []


@pytest.mark.parametrize("chunk", [3, 1 << 20])
@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('[{"a": 1},\n {"b" 2}]', "line 2, column 7"),
        ('[{"a": 1}\n {"b": 2}]', "line 2, column 2"),
        ('[{"a": 1},\n\n', "line 3, column 1"),
        ('[{"a": 1}] {', "line 1, column 12"),
        ("[1,]", "line 1, column 4"),
    ],
)
def test_a_fault_is_told_with_its_place_in_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int, text: str, place: str
) -> None:
    monkeypatch.setattr(json_list, "CHUNK_BYTES", chunk)
    with pytest.raises(UnreadableFile, match=place):
        read(tmp_path / "a.json", text)


def test_what_stands_before_a_fault_was_read(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('[{"a": 1}, {"b": 2}, {"c')
    entries = read_json_list(tmp_path / "a.json", watch_none)
    assert [next(entries), next(entries)] == [{"a": 1}, {"b": 2}]
    with pytest.raises(UnreadableFile):
        next(entries)


def test_an_entry_without_end_is_refused_before_it_fills_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_list, "CHUNK_BYTES", 1_000)
    monkeypatch.setattr(json_list, "MOST_ENTRY_CHARACTERS", 10_000)
    assert read(tmp_path / "a.json", json.dumps([["x" * 9_000]])) == [["x" * 9_000]]
    with pytest.raises(UnreadableFile, match="an entry of more than 10,000 characters"):
        read(tmp_path / "a.json", "[[" + "1," * 100_000)


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "long.json"
    with path.open("w") as file:
        file.write("[" + ",\n".join(['{"name": "' + "x" * 1_000 + '"}'] * 20_000) + "]")
    tracemalloc.start()
    count = sum(1 for _ in read_json_list(path, watch_none))
    _, peak = tracemalloc.get_traced_memory()
    json.loads(path.read_bytes())
    _, whole = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 20_000
    assert peak < 8 * json_list.CHUNK_BYTES < whole
