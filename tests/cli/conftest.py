"""Commands are run as a user runs them; what they print is looked at."""

import json

import pytest
import soundfile
import torch
from click.testing import CliRunner

from mmteach import cli
from mmteach.cases import sentiment
from tests.cases.conftest import on_disk, spoken, tone  # noqa: F401 - a fixture


@pytest.fixture(scope="module", autouse=True)
def _one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def run(*arguments):
    result = CliRunner().invoke(cli.app, [str(a) for a in arguments], prog_name="mmteach")
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    assert "Traceback" not in result.output
    return result


def refused(result, sentence):
    """One line on stderr that says what is wrong, nothing on stdout, and exit code 1."""
    assert (result.exit_code, result.stdout) == (1, "")
    assert sentence in result.stderr
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1


def predict(model, *arguments):
    result = run("predict", "--model", model, *arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture(scope="module")
def manifest(on_disk):  # noqa: F811 - the fixture that is imported
    """A set of words and voices in a file."""
    return on_disk(spoken(5, 2))


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A model of words, voices and faces."""
    made, _ = sentiment.train(spoken(modalities=("audio", "face", "text")), epochs=20)
    return made.save(tmp_path_factory.mktemp("model") / "moods.mmt")


@pytest.fixture(scope="module")
def voice(tmp_path_factory):
    path = tmp_path_factory.mktemp("voice") / "voice.wav"
    sound = tone(260, seed=77)
    soundfile.write(path, sound.samples, sound.sample_rate)
    return path
