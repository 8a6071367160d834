import tarfile

import pytest

from mmteach.datasets import card, catalogue, download, get, load, names_with_state
from mmteach.datasets.known import known_sets
from mmteach.errors import DataError, DownloadError


@pytest.fixture
def no_network(monkeypatch):
    def refuse(*_, **__):
        raise ConnectionError("no route")

    monkeypatch.setattr(download, "_transfer", refuse)
    monkeypatch.setattr(download, "PAUSE", 0)


def test_the_list_says_what_is_here(tmp_path, monkeypatch, write_picture):
    write_picture(tmp_path / "orl" / "s1" / "1.pgm")
    write_picture(tmp_path / "orl" / "s2" / "1.pgm")
    (tmp_path / "friends").mkdir()
    (tmp_path / "friends" / "manifest.csv").write_text("id,text\n1,a\n", encoding="utf-8")
    (tmp_path / "friends" / "CARD.md").write_text("# My friends\n\nmore", encoding="utf-8")
    listed = {name: (state, about) for name, state, about in names_with_state()}
    assert listed["orl"][0] == "by hand"
    assert listed["lfw"][0] == "get"
    assert "friends" not in listed
    monkeypatch.setenv("MMTEACH_DATA", str(tmp_path))
    listed = {name: (state, about) for name, state, about in names_with_state()}
    assert listed["orl"][0] == "here"
    assert listed["friends"] == ("here", "My friends")
    assert list(listed) == sorted(listed)


def test_a_card_is_shown_whether_the_set_is_here_or_not(tmp_path, write_picture):
    assert card("lfw").startswith("# LFW")
    (tmp_path / "CARD.md").write_text("# Mine", encoding="utf-8")
    assert card(str(tmp_path)) == "# Mine"
    with pytest.raises(DataError, match="known sets are"):
        card("nothing")
    (tmp_path / "CARD.md").unlink()
    with pytest.raises(DataError, match=r"has no card: write .* CARD\.md"):
        card(str(tmp_path))


def test_get_of_a_set_without_a_certain_address(alone):
    with pytest.raises(DownloadError, match="no address of 'orl' is certain") as caught:
        get("orl")
    assert str(alone / "user" / "data" / "orl") in str(caught.value)


def test_get_of_what_is_here_fetches_nothing(tmp_path, monkeypatch, no_network, write_picture):
    write_picture(tmp_path / "lfw" / "lfw_funneled" / "Ann" / "Ann_0001.jpg")
    monkeypatch.setenv("MMTEACH_DATA", str(tmp_path))
    assert get("lfw") == tmp_path / "lfw"


def test_get_of_an_unknown_name():
    with pytest.raises(DataError, match="known sets are"):
        get("nothing")


@pytest.mark.usefixtures("no_network")
def test_get_offline_says_which_file_to_put_where(alone):
    with pytest.raises(DownloadError) as caught:
        get("olivetti", progress=False)
    said = str(caught.value)
    assert str(alone / "user" / "data" / "olivetti" / "olivettifaces.mat") in said
    assert "https://ndownloader.figshare.com/files/5976027" in said
    assert "mmteach data get olivetti" in said
    with pytest.raises(DataError, match="not on this machine"):
        load("olivetti")


def test_get_fetches_unpacks_and_tidies_up(alone, monkeypatch, write_picture, tmp_path):
    """What the publisher would send is made here; the digests are those of what is made."""
    write_picture(tmp_path / "lfw_funneled" / "Ann" / "Ann_0001.jpg")
    served = {"pairs.txt": b"1\t0\n", "pairsDevTrain.txt": b"0\n", "pairsDevTest.txt": b"0\n"}
    with tarfile.open(tmp_path / "photos.tgz", "w:gz") as tar:
        tar.add(tmp_path / "lfw_funneled", "lfw_funneled")
    served["lfw-funneled.tgz"] = (tmp_path / "photos.tgz").read_bytes()
    names = {file.url: file.filename for file in known_sets()["lfw"].files}
    asked = []

    def transfer(url, part, progress):
        asked.append(names[url])
        part.write_bytes(served[names[url]])

    wanted = {file.filename: file.sha256 for file in known_sets()["lfw"].files}
    monkeypatch.setattr(download, "_transfer", transfer)
    monkeypatch.setattr(download, "digest", lambda path: wanted[path.name.removesuffix(".part")])
    folder = get("lfw", progress=False)
    assert folder == alone / "user" / "data" / "lfw"
    assert sorted(path.name for path in folder.iterdir()) == ["lfw_funneled", *sorted(served)[1:]]
    assert load("lfw").ids.tolist() == ["Ann_0001"]
    assert sorted(asked) == sorted(served)
    get("lfw", progress=False)
    assert len(asked) == 4  # nothing is fetched twice
    (folder / "pairs.txt").unlink()
    get("lfw", progress=False)
    assert asked[4:] == ["pairs.txt"]  # what is missing is fetched alone
    assert catalogue.get("lfw") == folder
