"""Real sets by name, where they are."""

import pytest

from mmteach import datasets


@pytest.fixture
def load(real_data):
    def of(name):
        if not (real_data / name).is_dir():
            pytest.skip(f"no folder {name} in {real_data}")
        return datasets.load(real_data / name)

    return of
