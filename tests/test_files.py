"""Files are written whole, into plain files, and nothing half is left behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from transform_sim.errors import TransformSimError
from transform_sim.files import write_whole


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


def test_what_fails_leaves_the_old_file_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("old")

    def full(self: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(tmp_path / "file", b"new")
    assert [p.name for p in tmp_path.iterdir()] == ["file"]
    assert (tmp_path / "file").read_text() == "old"
