"""The Olivetti faces as scikit-learn knows them: ORL's photos cropped to 64 x 64."""

from pathlib import Path

import numpy as np

from mmteach.datasets.dataset import Dataset, Row
from mmteach.datasets.folders import scikit_learn_folder
from mmteach.datasets.known import KnownSet, RemoteFile
from mmteach.errors import DataError

CARD = """\
# Olivetti faces

400 grey photos, 64 x 64 pixels, of 40 people, 10 each: the AT&T Database of Faces (see `mmteach data card orl`),
cropped and reduced by Sam Roweis. The file is the one that scikit-learn's `fetch_olivetti_faces` downloads.

- Layout: `olivettifaces.mat`, `faces` (4096, 400). Label and group: the person, "0" to "39", as in scikit-learn.
- Terms: no formal licence; give credit to Olivetti Research Laboratory.
- Cannot teach: the same as ORL, and less, since hair and the outline of the head are mostly cut off.
- What scikit-learn itself leaves behind, `olivetti_py3.pkz`, is a pickle, and mmteach opens no pickles.
"""

FILE = RemoteFile(
    filename="olivettifaces.mat",
    url="https://ndownloader.figshare.com/files/5976027",
    sha256="b612fb967f2dc77c9c62d3e1266e0c73d5fca46a4b8906c18e454d41af987794",
)


def open_mat(folder: Path) -> Dataset:
    """Read the published file.

    Raises
    ------
    DataError : it is damaged or another file.
    """
    from scipy.io import loadmat

    path = folder / FILE.filename
    try:
        columns = loadmat(path, variable_names=["faces"])["faces"]  # (4096, 400)
    except Exception as error:  # scipy raises whatever it stumbles over in a damaged file
        raise DataError(f"{path} is damaged or not the published file: delete it and get it again") from error
    if columns.shape != (4096, 400) or columns.dtype.kind not in "uif":
        raise DataError(f"{path} holds faces of shape {columns.shape}; (4096, 400) is needed: get the published file")
    faces = columns.T.reshape(400, 64, 64).transpose(0, 2, 1)  # stored column by column
    faces = np.clip(np.nan_to_num(faces), 0, 255).astype(np.uint8)
    return Dataset(
        [Row(f"{i // 10}/{i % 10}", {"image": face}, str(i // 10), str(i // 10)) for i, face in enumerate(faces)],
        "olivetti",
    )


SET = KnownSet(
    name="olivetti",
    about="400 photos of 40 people, 64 x 64 grey, as in scikit-learn",
    card=CARD,
    open=open_mat,
    fits=lambda folder: (folder / FILE.filename).is_file(),
    by_hand=f"{FILE.filename} from {FILE.url}",
    files=(FILE,),
    elsewhere=lambda: [scikit_learn_folder()],
    note="real people, one laboratory, even light",
)
