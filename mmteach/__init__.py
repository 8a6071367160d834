"""mmteach: learn multimodal machine learning inside JupyterLab."""

import importlib
from types import ModuleType

__version__ = "0.1.0"

_ROOMS = (
    "batch", "cases", "course", "datasets", "errors", "features", "infer", "models",
    "pipeline", "preprocess", "train", "types", "widgets",
)  # fmt: skip


def __getattr__(name: str) -> ModuleType:
    """Import a room when it is first used, so that `import mmteach` stays fast."""
    if name in _ROOMS:
        return importlib.import_module(f"mmteach.{name}")
    raise AttributeError(f"module 'mmteach' has no attribute {name!r}; its rooms are {', '.join(_ROOMS)}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_ROOMS})
