"""Files are written whole, into plain files, and nothing half is left behind."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from transform_sim.errors import TransformSimError
from transform_sim.files import PART, write_whole


def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_whole(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"


def test_a_folder_and_a_missing_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(TransformSimError, match="no plain file"):
        write_whole(tmp_path, b"x")
    with pytest.raises(TransformSimError, match="there is no folder"):
        write_whole(tmp_path / "no" / "file", b"x")
    assert list(tmp_path.iterdir()) == []


def test_the_disk_keeps_a_file_before_its_name_and_the_name_before_it_returns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []

    def synced(descriptor: int) -> None:
        calls.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")

    def renamed(part: Path, file: Path) -> None:
        assert part.read_bytes() == b"new"
        calls.append(f"{part.name} → {file.name}")

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", renamed)
    write_whole(tmp_path / "file", b"new")
    assert calls == ["file", f"file{PART} → file", "folder"]


@pytest.mark.parametrize("call", ["fsync", "replace"])
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_what_fails_leaves_the_old_file_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, error: BaseException
) -> None:
    (tmp_path / "file").write_text("old")

    def fails(*_: object) -> None:
        raise error

    monkeypatch.setattr(os, call, fails)
    with pytest.raises(type(error)):
        write_whole(tmp_path / "file", b"new")
    assert [p.name for p in tmp_path.iterdir()] == ["file"]
    assert (tmp_path / "file").read_text() == "old"
