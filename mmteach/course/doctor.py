"""What this machine can and cannot do, and what to do about it.

Each check returns findings; `mmteach doctor` prints them, and the welcome notebook shows the same ones. A check
never raises: a learner whose machine is broken needs the other answers all the more.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Literal, NamedTuple

import platformdirs

from mmteach.errors import MmteachError

OLDEST_PYTHON = (3, 11, 4)
GB = 1e9
_TRY_TORCH = """
import torch, torchvision
torchvision.ops.nms(torch.zeros(1, 4), torch.zeros(1), 0.5)
device = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
print(f"PyTorch {torch.__version__} and torchvision {torchvision.__version__} work; device {device}.")
"""
_BOTH_AGAIN = (
    "python -m pip uninstall -y torch torchvision, then python -m pip install torch torchvision (both from PyPI)"
)


class Finding(NamedTuple):
    """What one check found: `ok`, `warn` (the course works, something will not) or `problem`."""

    name: str
    state: Literal["ok", "warn", "problem"]
    sentence: str


def examine() -> list[Finding]:
    """Run every check."""
    findings = []
    for name, check in CHECKS.items():
        try:
            findings += check()
        except Exception as error:  # a check that fails is itself a finding
            findings.append(Finding(name, "problem", f"could not be checked: {type(error).__name__}: {error}"))
    return findings


def check_python() -> list[Finding]:
    """Is this Python new enough?"""
    came = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:3] >= OLDEST_PYTHON:
        return [Finding("Python", "ok", f"{came} at {sys.executable}")]
    needed = ".".join(map(str, OLDEST_PYTHON))
    return [Finding("Python", "problem", f"{came} is too old: install {needed} or newer and make a new environment.")]


def check_torch() -> list[Finding]:
    """Do PyTorch and torchvision work together? Tried in another process: a bad pair can bring it down."""
    try:
        tried = subprocess.run(
            [sys.executable, "-c", _TRY_TORCH], capture_output=True, text=True, timeout=300, errors="replace"
        )
    except subprocess.TimeoutExpired:
        return [Finding("PyTorch", "problem", "took over 5 minutes to start: is the disk full, or a virus scanner on?")]
    if tried.returncode == 0:
        return [Finding("PyTorch", "ok", tried.stdout.strip())]
    return [Finding("PyTorch", "problem", _torch_remedy(tried.stderr, tried.returncode))]


def _torch_remedy(stderr: str, code: int) -> str:
    """Say what a failed start of PyTorch means and what mends it."""
    last = stderr.strip().splitlines()[-1] if stderr.strip() else f"it ended with code {code} and said nothing"
    if "torchvision::nms" in stderr:
        return f"torchvision was built for another PyTorch (operator torchvision::nms does not exist): {_BOTH_AGAIN}."
    for package in ("torch", "torchvision"):
        if f"No module named '{package}'" in stderr:
            return f"{package} is missing: python -m pip install torch torchvision."
    if code < 0:
        return f"PyTorch crashed (signal {-code}): it may not fit this processor. {_BOTH_AGAIN}."
    return f"PyTorch or torchvision does not start ({last}): {_BOTH_AGAIN}."


def check_audio() -> list[Finding]:
    """Can sound files be read?"""
    try:
        import soundfile
    except ImportError:
        return [Finding("Audio", "problem", "soundfile is missing: python -m pip install soundfile.")]
    except OSError as error:
        remedy = "python -m pip install --force-reinstall soundfile, or install libsndfile (apt: libsndfile1)"
        return [Finding("Audio", "problem", f"soundfile finds no libsndfile ({error}): {remedy}.")]
    return [Finding("Audio", "ok", f"soundfile {soundfile.__version__}, libsndfile {soundfile.__libsndfile_version__}")]


def check_kernel() -> list[Finding]:
    """Would a notebook run in this Python?"""
    try:
        import ipykernel
        from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
    except ImportError as error:
        return [Finding("Kernel", "problem", f"{error}: python -m pip install ipykernel.")]
    mend = f"{sys.executable} -m ipykernel install --sys-prefix"
    try:
        spec = KernelSpecManager().get_kernel_spec("python3")
    except NoSuchKernel:
        return [Finding("Kernel", "problem", f"Jupyter knows no kernel named python3: {mend}.")]
    program = spec.argv[0] if spec.argv else ""
    bare = ("python", "python3", f"python{sys.version_info[0]}.{sys.version_info[1]}")
    if program in bare or _same_folder(program, sys.executable):  # Jupyter puts its own for a bare name
        return [Finding("Kernel", "ok", f"ipykernel {ipykernel.__version__}, in this Python")]
    where = f"remove {spec.resource_dir}, or {mend}"
    return [Finding("Kernel", "problem", f"notebooks would run in another Python, {program or 'none'}: {where}.")]


def _same_folder(a: str, b: str) -> bool:
    # Not the programs themselves: in two environments both may be links to the same one.
    return os.path.isdir(os.path.dirname(a)) and os.path.samefile(os.path.dirname(a), os.path.dirname(b))


def check_data() -> list[Finding]:
    """Is the set there that the course opens on, and are the folders that MMTEACH_DATA names?"""
    from mmteach.datasets import load
    from mmteach.datasets.folders import data_folders

    findings = []
    try:
        faces = load("faces")
        findings.append(Finding("Data", "ok", f"faces: {len(faces)} samples of {', '.join(faces.modalities)}"))
    except MmteachError as error:
        findings.append(Finding("Data", "problem", str(error)))
    for folder in data_folders():
        if folder.is_dir():
            findings.append(Finding("Data", "ok", f"MMTEACH_DATA: {folder}"))
        else:
            findings.append(Finding("Data", "warn", f"MMTEACH_DATA names {folder}, which is no folder: correct it."))
    return findings


def check_disk() -> list[Finding]:
    """Is there room where data and features are kept?"""
    from mmteach.datasets.folders import user_folder

    findings = []
    cache = platformdirs.user_cache_path("mmteach", appauthor=False)
    for what, folder in (("data", user_folder()), ("cache", cache)):
        free = shutil.disk_usage(_nearest(folder)).free / GB
        if free >= 1:
            findings.append(Finding("Disk", "ok", f"{free:.0f} GB free for {what} in {folder}"))
        else:
            said = f"{free:.1f} GB free for {what} in {folder}: 1 GB is needed, make room."
            findings.append(Finding("Disk", "warn", said))
    return findings


def check_machine() -> list[Finding]:
    """How many cores, how much memory?"""
    import joblib

    cores = joblib.cpu_count()
    try:
        import psutil
    except ImportError:
        return [Finding("Machine", "ok", f"{cores} cores")]
    memory = psutil.virtual_memory().total / GB
    if memory < 3.5:
        return [
            Finding("Machine", "warn", f"{memory:.1f} GB of memory: open one notebook at a time, 4 GB is comfortable.")
        ]
    return [Finding("Machine", "ok", f"{cores} core{'s' * (cores > 1)}, {memory:.0f} GB of memory")]


def check_jupyter() -> list[Finding]:
    """Can Jupyter, and later your progress, be written?"""
    from jupyter_core.paths import jupyter_data_dir

    folder = Path(jupyter_data_dir())
    try:
        with tempfile.TemporaryFile(dir=_nearest(folder)):
            return [Finding("Jupyter", "ok", f"{folder} can be written")]
    except OSError as error:
        why = error.strerror or error
        remedy = "set JUPYTER_DATA_DIR to a folder of yours"
        return [Finding("Jupyter", "problem", f"{folder} cannot be written ({why}): {remedy}.")]


def check_lab() -> list[Finding]:
    """Will JupyterLab show the course panel? It has a part in the page, and one in the server."""
    from jupyter_core.paths import jupyter_config_path, jupyter_path
    from jupyter_server.extension.config import ExtensionConfigManager
    from jupyterlab_server.config import get_page_config

    front = get_page_config(jupyter_path("labextensions"))
    server = ExtensionConfigManager(read_config_path=jupyter_config_path()).get_jpserver_extensions()
    off = [name for name in front["disabledExtensions"] if name.partition(":")[0] == "mmteach"]
    said = []
    if "mmteach" not in [extension["name"] for extension in front["federated_extensions"]]:
        said.append("JupyterLab has no course panel: install mmteach again, in a new environment if need be.")
    said += [f"{name} is switched off in JupyterLab: jupyter labextension enable {name}." for name in off]
    if server.get("mmteach.lab") is not True:
        said.append("the panel's server part is switched off: jupyter server extension enable --user mmteach.lab.")
    if said:
        return [Finding("Panel", "warn", sentence) for sentence in said]
    return [Finding("Panel", "ok", "JupyterLab shows the course panel, and its server part is on")]


def _nearest(folder: Path) -> Path:
    """Return the folder, or where it does not exist yet the nearest one above it that does."""
    return next(place for place in (folder, *folder.parents) if place.is_dir())


CHECKS: dict[str, Callable[[], list[Finding]]] = {
    "Python": check_python,
    "PyTorch": check_torch,
    "Audio": check_audio,
    "Kernel": check_kernel,
    "Data": check_data,
    "Disk": check_disk,
    "Machine": check_machine,
    "Jupyter": check_jupyter,
    "Panel": check_lab,
}
