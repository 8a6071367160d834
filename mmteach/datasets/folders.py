"""Where sets lie on this machine."""

from __future__ import annotations

import os
from pathlib import Path


def data_folders() -> list[Path]:
    """The folders that MMTEACH_DATA lists, parted as in PATH."""
    listed = os.environ.get("MMTEACH_DATA", "").split(os.pathsep)
    return [Path(folder.strip()).expanduser() for folder in listed if folder.strip()]


def user_folder() -> Path:
    """The user's own data folder, where downloads go."""
    from platformdirs import user_data_path

    return user_data_path("mmteach", appauthor=False) / "data"


def embedded_folder() -> Path:
    """The sets that come with mmteach: in its wheel, or in a checkout of its source."""
    packaged = Path(__file__).parent / "embedded"
    source = Path(__file__).parents[2]
    return source / "datasets" if not packaged.is_dir() and (source / "pyproject.toml").is_file() else packaged


def scikit_learn_folder() -> Path:
    """Where scikit-learn keeps what its fetchers downloaded."""
    return Path(os.environ.get("SCIKIT_LEARN_DATA") or "~/scikit_learn_data").expanduser()
