"""Each thing that can be wrong with a machine has its sentence, and none of them stops the others."""

import json
import re
import subprocess
import sys
from collections import namedtuple
from pathlib import Path
from types import SimpleNamespace

import joblib
import jupyter_core.paths
import psutil
import pytest
from jupyter_client import kernelspec

from mmteach import datasets
from mmteach.course import doctor
from mmteach.errors import DataError

NMS = "Traceback ...\nRuntimeError: operator torchvision::nms does not exist\n"


def torch_ends_with(monkeypatch, code: int, stderr: str = "", stdout: str = "") -> doctor.Finding:
    ended = subprocess.CompletedProcess([], code, stdout, stderr)
    monkeypatch.setattr(doctor.subprocess, "run", lambda *_args, **_options: ended)
    (finding,) = doctor.check_torch()
    return finding


def test_this_python_is_new_enough():
    assert doctor.check_python()[0].state == "ok"


def test_old_python(monkeypatch):
    monkeypatch.setattr(doctor.sys, "version_info", (3, 11, 3, "final", 0))
    (finding,) = doctor.check_python()
    assert finding.state == "problem"
    assert "3.11.3 is too old: install 3.11.4" in finding.sentence


def test_torch_pair_that_works(monkeypatch):
    finding = torch_ends_with(monkeypatch, 0, stdout="PyTorch 2.15.0 and torchvision 0.29.2 work; device cpu.\n")
    assert (finding.state, finding.sentence[-11:]) == ("ok", "device cpu.")


@pytest.mark.parametrize(
    ("code", "stderr", "said"),
    [
        (1, NMS, r"built for another PyTorch .*uninstall -y torch torchvision.*install torch torchvision"),
        (1, "ModuleNotFoundError: No module named 'torch'\n", r"^torch is missing: .*install torch torchvision"),
        (1, "ModuleNotFoundError: No module named 'torchvision'\n", r"^torchvision is missing"),
        (
            1,
            "ImportError: libcudart.so.13: cannot open shared object file\n",
            r"does not start \(ImportError: libcudart",
        ),
        (-4, "", r"crashed \(signal 4\)"),
        (1, "", r"ended with code 1 and said nothing"),
    ],
)
def test_torch_pair_that_does_not(monkeypatch, code, stderr, said):
    finding = torch_ends_with(monkeypatch, code, stderr)
    assert finding.state == "problem"
    assert re.search(said, finding.sentence)


def test_torch_that_hangs(monkeypatch):
    def hang(*_args, **_options):
        raise subprocess.TimeoutExpired("python", 300)

    monkeypatch.setattr(doctor.subprocess, "run", hang)
    assert doctor.check_torch()[0].state == "problem"


def test_torch_is_tried_in_a_python_of_its_own(monkeypatch):
    monkeypatch.setattr(doctor, "_TRY_TORCH", "import os; os.abort()")
    (finding,) = doctor.check_torch()
    assert finding.state == "problem"


def test_audio_works_here():
    assert doctor.check_audio()[0].state == "ok"


def test_audio_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "soundfile", None)
    (finding,) = doctor.check_audio()
    assert finding == ("Audio", "problem", "soundfile is missing: python -m pip install soundfile.")


def test_audio_without_its_library(monkeypatch, tmp_path):
    (tmp_path / "soundfile.py").write_text("raise OSError('sndfile library not found')")
    monkeypatch.delitem(sys.modules, "soundfile", raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    (finding,) = doctor.check_audio()
    assert finding.state == "problem"
    assert "libsndfile" in finding.sentence


def kernel_in(monkeypatch, *argv: str) -> doctor.Finding:
    spec = SimpleNamespace(argv=list(argv), resource_dir="/kernels/python3")
    monkeypatch.setattr(kernelspec.KernelSpecManager, "get_kernel_spec", lambda _self, _name: spec)
    (finding,) = doctor.check_kernel()
    return finding


def test_kernel_of_this_python():
    assert doctor.check_kernel()[0].state == "ok"


@pytest.mark.parametrize("program", ["python", sys.executable])
def test_kernel_named_or_bare_is_ours(monkeypatch, program):
    assert kernel_in(monkeypatch, program, "-m", "ipykernel_launcher").state == "ok"


def test_kernel_of_another_python(monkeypatch):
    finding = kernel_in(monkeypatch, "/opt/other/bin/python", "-m", "ipykernel_launcher")
    assert finding.state == "problem"
    assert "/opt/other/bin/python: remove /kernels/python3" in finding.sentence


def test_kernel_of_an_environment_on_the_same_python(monkeypatch, tmp_path):
    link = tmp_path / "bin" / "python"
    link.parent.mkdir()
    link.symlink_to(Path(sys.executable).resolve())
    assert kernel_in(monkeypatch, str(link)).state == "problem"


def test_no_kernel(monkeypatch):
    def none(_self, name):
        raise kernelspec.NoSuchKernel(name)

    monkeypatch.setattr(kernelspec.KernelSpecManager, "get_kernel_spec", none)
    (finding,) = doctor.check_kernel()
    assert finding.state == "problem"
    assert "-m ipykernel install --sys-prefix" in finding.sentence


def test_no_ipykernel(monkeypatch):
    monkeypatch.setitem(sys.modules, "ipykernel", None)
    assert "pip install ipykernel" in doctor.check_kernel()[0].sentence


def test_the_embedded_set_and_folders_of_data(monkeypatch, tmp_path):
    monkeypatch.setenv("MMTEACH_DATA", doctor.os.pathsep.join([str(tmp_path), str(tmp_path / "gone")]))
    sets, here, gone = doctor.check_data()
    assert sets.state == "ok", sets.sentence
    assert here.state == "ok"
    assert gone.state == "warn"
    assert "gone, which is no folder" in gone.sentence


def test_set_that_is_missing(monkeypatch):
    def fail(_name):
        raise DataError("the embedded sets are missing: install mmteach again")

    monkeypatch.setattr(datasets, "load", fail)
    assert doctor.check_data() == [("Data", "problem", "the embedded sets are missing: install mmteach again")]


@pytest.mark.parametrize(("free", "state"), [(0.4e9, "warn"), (40e9, "ok")])
def test_room_on_the_disk(monkeypatch, free, state):
    usage = namedtuple("usage", "total used free")(1e12, 0, free)
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _folder: usage)
    assert [finding.state for finding in doctor.check_disk()] == [state, state]


@pytest.mark.parametrize(("gigabytes", "state"), [(2, "warn"), (16, "ok")])
def test_memory(monkeypatch, gigabytes, state):
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(total=gigabytes * 1e9))
    monkeypatch.setattr(joblib, "cpu_count", lambda: 1)
    assert doctor.check_machine()[0].state == state


def test_jupyter_folder_can_be_written():
    assert doctor.check_jupyter()[0].state == "ok"


def test_jupyter_folder_that_cannot_be_written(monkeypatch):
    def refuse(**_options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(doctor.tempfile, "TemporaryFile", refuse)
    (finding,) = doctor.check_jupyter()
    assert finding.state == "problem"
    assert "(Permission denied): set JUPYTER_DATA_DIR" in finding.sentence


def lab_folders(tmp_path, monkeypatch, panel=True, server=True, page_config=None):
    """Folders of Jupyter in which the parts of the panel are, or are not."""
    front, config = tmp_path / "data" / "labextensions" / "mmteach", tmp_path / "config"
    written = {config / "labconfig" / "page_config.json": page_config or {}}
    if panel:
        package = {"name": "mmteach", "version": "0.1.0", "jupyterlab": {"_build": {"load": "static/entry.js"}}}
        written[front / "package.json"] = package
    if server is not None:
        switch = {"ServerApp": {"jpserver_extensions": {"mmteach.lab": server}}}
        written[config / "jupyter_server_config.d" / "mmteach.json"] = switch
    for path, content in written.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content), encoding="utf-8")
    for names, folder in (
        (("SYSTEM_JUPYTER_PATH", "ENV_JUPYTER_PATH"), tmp_path / "none"),
        (("SYSTEM_CONFIG_PATH", "ENV_CONFIG_PATH"), tmp_path / "none"),
    ):
        for name in names:
            monkeypatch.setattr(jupyter_core.paths, name, [str(folder)])
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(config))


def test_panel_with_both_parts(tmp_path, monkeypatch):
    lab_folders(tmp_path, monkeypatch)
    assert [finding.state for finding in doctor.check_lab()] == ["ok"]


@pytest.mark.parametrize(
    ("folders", "said"),
    [
        ({"panel": False}, "no course panel: install mmteach again"),
        ({"server": None}, "jupyter server extension enable --user mmteach.lab"),
        ({"server": False}, "jupyter server extension enable --user mmteach.lab"),
        ({"page_config": {"disabledExtensions": {"mmteach": True}}}, "jupyter labextension enable mmteach."),
        ({"page_config": {"disabledExtensions": {"mmteach:panel": True}}}, "labextension enable mmteach:panel."),
    ],
)
def test_panel_that_is_missing_or_off(tmp_path, monkeypatch, folders, said):
    lab_folders(tmp_path, monkeypatch, **folders)
    (finding,) = doctor.check_lab()
    assert finding.state == "warn"
    assert said in finding.sentence


def test_a_check_that_fails_is_a_finding_and_the_others_still_run(monkeypatch):
    def fail():
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(doctor, "CHECKS", {"Disk": fail, "Python": doctor.check_python})
    disk, python = doctor.examine()
    assert disk == ("Disk", "problem", "could not be checked: ZeroDivisionError: division by zero")
    assert python.state == "ok"
