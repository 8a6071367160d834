"""A file that a learner drops on the page -> an Image or a Waveform, or one sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import anywidget
import ipywidgets
import traitlets

from mmteach.datasets import read_audio, read_image
from mmteach.errors import DataError
from mmteach.types import Image, Waveform

MAX_BYTES = 64_000_000  # more than any phone's photo; the page sends it whole
MAX_SENT = 10_000_000  # what a FileButton sends; JupyterLab cuts the connection where a message passes 10 MiB
T = TypeVar("T")


def upload_button(label: str = "Your photo") -> ipywidgets.FileUpload:
    """A button that takes one picture."""
    return ipywidgets.FileUpload(accept="image/*", multiple=False, description=label, layout={"width": "auto"})


def read_upload(value: Any) -> Image | None:
    """What a FileUpload holds -> a picture; None where nothing was chosen.

    Parameters
    ----------
    value : FileUpload.value, or the bytes of a file.

    Raises
    ------
    DataError : it is not a picture, or damaged; the sentence begins with the file's name.
    """
    return _read(value, "the picture", read_image)


def as_bytes(value: Any, widget: object = None) -> bytes:
    """What the page sends as a trait's value -> bytes; it arrives as a memoryview."""
    return bytes(value)


_CHOOSE = """
function render({ model, el }) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "jupyter-button lm-Widget widget-button";
  button.style.width = "auto";
  button.setAttribute("data-lm-suppress-shortcuts", "true");
  const icon = Object.assign(document.createElement("i"), { className: "fa fa-upload center" });
  icon.setAttribute("aria-hidden", "true");
  button.append(icon, ` ${model.get("label")}`);
  const input = Object.assign(document.createElement("input"), { type: "file", hidden: true });
  input.accept = model.get("accept");
  button.addEventListener("click", () => { input.value = ""; input.click(); });  // the same file may be chosen again
  input.addEventListener("change", async () => {
    const file = input.files[0];
    if (!file) return;
    const fits = file.size <= model.get("max_bytes");
    const content = fits ? await file.arrayBuffer() : new ArrayBuffer(0);
    const n_chosen = model.get("n_chosen") + 1;
    model.set({ name: file.name, size: file.size, content: new DataView(content), n_chosen });
    model.save_changes();
  });
  el.append(button, input);
}
export default { render };
"""


class FileButton(anywidget.AnyWidget):
    """A button that takes one file, and says so where it is too large to be sent.

    The way from the page to the kernel takes about ten megabytes at once, and breaks where more come; so a larger file
    stays where it is, and only its name and size arrive.

    Parameters
    ----------
    label : of the button.
    accept : kinds of file that the page offers first, as in "audio/*".
    on_file : called with each file as `read_audio_upload` takes it.
    """

    _esm = _CHOOSE
    label = traitlets.Unicode().tag(sync=True)
    accept = traitlets.Unicode().tag(sync=True)
    max_bytes = traitlets.Int(MAX_SENT).tag(sync=True)
    name = traitlets.Unicode().tag(sync=True)
    size = traitlets.Int(0).tag(sync=True)
    content = traitlets.Bytes(b"").tag(sync=True, from_json=as_bytes)
    n_chosen = traitlets.Int(0).tag(sync=True)  # the same file may be chosen twice

    def __init__(self, label: str, accept: str, on_file: Callable[[Any], None]) -> None:
        self.on_file = on_file
        super().__init__(label=label, accept=accept)

    @traitlets.observe("n_chosen")
    def _came(self, change: dict[str, int]) -> None:
        if change["new"]:
            self.on_file(({"name": self.name, "size": self.size, "content": bytes(self.content)},))


def read_audio_upload(value: Any) -> Waveform | None:
    """What a FileUpload holds -> a recording; None where nothing was chosen.

    Parameters
    ----------
    value : what a FileButton or a FileUpload gives, or the bytes of a file.

    Raises
    ------
    DataError : it is no recording, damaged or too long; the sentence begins with the file's name.
    """
    return _read(value, "the recording", read_audio)


def _read(value: Any, kind: str, read: Callable[[bytes], T]) -> T | None:
    """Read a file's content; a complaint about `kind` becomes one about the file."""
    if isinstance(value, (bytes, bytearray, memoryview)):
        name, content = kind, bytes(value)
    elif not value:
        return None
    else:
        name, content = str(value[0]["name"]), bytes(value[0]["content"])
    size = len(content) if content or not value else int(value[0].get("size", 0))
    most = MAX_BYTES if len(content) == size else MAX_SENT
    if size > most:
        raise DataError(f"{name} has {size / 1e6:.0f} MB; at most {most / 1e6:.0f} are read: save it smaller")
    try:
        return read(content)
    except DataError as error:
        raise DataError(str(error).replace(kind, name, 1)) from error
