"""What JupyterLab loads: routes for the server, and beside them the panel that asks them.

The server imports this when it starts, so nothing heavy may be reached from here; a test watches over it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    """Tell JupyterLab where the built panel lies, and under which name it is installed."""
    return [{"src": "_static", "dest": "mmteach"}]


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    """Tell the server which module holds `_load_jupyter_server_extension`."""
    return [{"module": "mmteach.lab"}]


def _load_jupyter_server_extension(server: ServerApp) -> None:
    """Add the routes; the server calls this once."""
    from mmteach.lab.desk import Desk
    from mmteach.lab.routes import handlers

    if server.web_app is None:
        return
    desk = Desk(Path(server.root_dir))
    server.web_app.add_handlers(".*$", handlers(server.web_app.settings["base_url"], desk))
