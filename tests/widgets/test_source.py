"""The source that is shown is the source that runs."""

import numpy as np
import pytest

from mmteach.errors import ParameterError
from mmteach.features import lbp, lbp_codes
from mmteach.widgets import show_source


def test_source_of_a_function_with_its_place():
    text = show_source(lbp_codes).data
    assert text.startswith('<div class="mmteach-source">\n\n`mmteach/features/image.py`, line ')
    assert "def lbp_codes(pictures" in text
    assert "~~~~python\n" in text


def test_a_cached_function_shows_itself_and_not_its_cache():
    assert "def lbp(pictures" in show_source(lbp).data


@pytest.mark.parametrize("thing", [3, np.add, len])
def test_what_has_no_source_is_a_sentence(thing):
    with pytest.raises(ParameterError, match="no Python source"):
        show_source(thing)
