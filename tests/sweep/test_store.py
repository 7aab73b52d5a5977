"""The folder of a sweep: whole files only, one writer, nobody else's folder, no other sweep."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import transform_sim as ts
from transform_sim.errors import FilesError
from transform_sim.sweeps import store
from transform_sim.sweeps.lock import BusyError, only_writer
from transform_sim.sweeps.store import StoreError, read_chunk, read_lost, read_manifest, writing

MANIFEST = {
    "format": store.FORMAT, "name": "x", "hash": "a", "scenario_hash": "b", "keep": "indicators", "design": "grid",
    "grid": True, "axes": {"coal": {"labels": [10.0, 15.0]}}, "versions": {"transform-sim": "0.1.0"},
    "currency": "EUR2020", "cases": [[0], [1]], "chunks": [[0], [1]], "plan": "2 cases",
    "scenario": "name: x\ncapex: 100\n",
}  # fmt: skip
ARRAYS = {"case": np.array([0]), "objective": np.array([12.5]), "status": np.array(["optimal"])}


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    with writing(tmp_path / "new" / "sweep", MANIFEST) as folder:
        folder.write(1, ARRAYS, seconds=0.5)
        assert folder.finished() == {1}
    found = read_chunk(folder.folder, 1)
    assert found is not None
    assert {n: a.tolist() for n, a in found.items()} == {n: a.tolist() for n, a in ARRAYS.items()}
    assert read_chunk(folder.folder, 0) is None
    assert read_manifest(folder.folder) == MANIFEST
    head, line = (folder.folder / "log.csv").read_text().splitlines()
    assert (head, line.split(",", 1)[1]) == ("written,chunk,cases,seconds", "1,1,0.500")


def test_the_same_content_is_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        with writing(tmp_path / name, MANIFEST) as folder:
            folder.write(0, ARRAYS, seconds=1.0)
        time.sleep(0.01)
    for file in ("manifest.json", "chunks/00000.npz"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_a_finished_chunk_takes_the_note_of_its_loss_away(tmp_path: Path) -> None:
    with writing(tmp_path, MANIFEST) as folder:
        folder.lose(0, "a worker died")
        assert (read_lost(tmp_path, 0), folder.finished()) == ("a worker died", set())
        folder.write(0, ARRAYS, seconds=0.0)
    assert read_lost(tmp_path, 0) is None


def test_half_written_and_damaged_files_are_done_again(tmp_path: Path) -> None:
    with writing(tmp_path, MANIFEST) as folder:
        folder.write(0, ARRAYS, seconds=0.0)
        folder.write(1, ARRAYS, seconds=0.0)
    whole = (tmp_path / "chunks" / "00000.npz").read_bytes()
    (tmp_path / "chunks" / "00000.npz").write_bytes(whole[:-40])
    (tmp_path / "chunks" / "00005.npz.part").write_bytes(whole[:20])
    with pytest.raises(StoreError, match=r"00000\.npz is damaged"):
        read_chunk(tmp_path, 0)
    with writing(tmp_path, MANIFEST) as folder:
        assert folder.finished() == {1}
    assert sorted(p.name for p in (tmp_path / "chunks").iterdir()) == ["00001.npz"]


def test_a_chunk_with_a_wrong_byte_inside_is_done_again(tmp_path: Path) -> None:
    with writing(tmp_path, MANIFEST) as folder:
        folder.write(0, ARRAYS, seconds=0.0)
    file = tmp_path / "chunks" / "00000.npz"
    content = bytearray(file.read_bytes())
    content[70] ^= 0xFF  # within the first array; the directory at the end is whole
    file.write_bytes(content)
    with writing(tmp_path, MANIFEST) as folder:
        assert folder.finished() == set()
    assert not file.exists()


def test_a_file_of_another_name_is_no_chunk(tmp_path: Path) -> None:
    with writing(tmp_path, MANIFEST) as folder:
        folder.write(0, ARRAYS, seconds=0.0)
        copy = tmp_path / "chunks" / "backup.npz"
        copy.write_bytes((tmp_path / "chunks" / "00000.npz").read_bytes())
        assert folder.finished() == {0}
    assert copy.exists()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"axes": {"coal": {"labels": [10.0, 20.0]}}}, r"other axes: coal labels \[15.0\] → \[20.0\]"),
        ({"axes": {"coal": {"labels": [15.0, 10.0]}}}, r"other axes: coal labels \[10.0, 15.0\] → \[15.0, 10.0\]"),
        ({"axes": {"coal": {"labels": [10.0]}}}, r"other axes: coal labels \[15.0\] → none"),
        ({"axes": {"gas": {"labels": [1.0]}}}, r'other axes: coal \{"labels": .* → none, gas none → \{"labels"'),
        ({"scenario": "name: x\ncapex: 101\n"}, r'other scenario: \["capex: 100"\] → \["capex: 101"\]'),
        ({"versions": {"transform-sim": "0.2.0"}}, r'other versions: transform-sim "0.1.0" → "0.2.0"'),
        ({"keep": "everything"}, "other keep: indicators → everything"),
    ],
)
def test_another_sweep_is_refused_with_the_reason(tmp_path: Path, changes: dict[str, object], reason: str) -> None:
    with writing(tmp_path, MANIFEST):
        pass
    with (
        pytest.raises(StoreError, match=f"holds another sweep: {reason}"),
        writing(tmp_path, MANIFEST | {"hash": "b"} | changes),
    ):
        pass
    assert read_manifest(tmp_path) == MANIFEST


def test_the_hash_alone_decides_what_is_the_same(tmp_path: Path) -> None:
    for plan in ("planned in 1 s", "planned in 2 s"):
        with writing(tmp_path, MANIFEST | {"plan": plan}):
            pass
    assert read_manifest(tmp_path)["plan"] == "planned in 1 s"


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").touch()
    with pytest.raises(StoreError, match=r"holds thesis\.docx and no sweep"), writing(tmp_path, MANIFEST):
        pass
    assert not (tmp_path / "manifest.json").exists()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (None, "no sweep in"),
        ("{", "is damaged"),
        ('{"format": "9"}', "format '9'; this version"),
        ('{"format": "1"}', "is damaged: name, hash, .* scenario missing or of another kind"),
        (json.dumps(MANIFEST | {"cases": 5}), "is damaged: cases missing or of another kind"),
    ],
)
def test_what_is_no_sweep_is_told(tmp_path: Path, text: str | None, told: str) -> None:
    if text is not None:
        (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(StoreError, match=told):
        read_manifest(tmp_path)
    with pytest.raises(FilesError, match=told):
        ts.open_sweep(tmp_path)


def test_only_one_writes(tmp_path: Path) -> None:
    with (
        writing(tmp_path, MANIFEST),
        pytest.raises(BusyError, match=r"by process \d+ on "),
        writing(tmp_path, MANIFEST),
    ):
        pass
    with writing(tmp_path, MANIFEST):
        pass


def test_a_lock_ends_with_its_process(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from transform_sim.sweeps.lock import only_writer\n"
        "with only_writer(Path(sys.argv[1])):\n    print('held', flush=True); time.sleep(60)"
    )
    lock = tmp_path / "lock"
    holder = subprocess.Popen([sys.executable, "-c", code, str(lock)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(BusyError, match=f"by process {holder.pid} on "), only_writer(lock):
        pass
    holder.kill()
    holder.communicate()
    assert str(holder.pid) in lock.read_text()  # nobody tidied up
    with only_writer(lock):
        pass
