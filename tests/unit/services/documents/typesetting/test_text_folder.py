"""The operator's folder of legal texts: it goes before the shipped one, and a mistake in it stops the process."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.documents.domain.legal_text import SPANISH
from services.documents.typesetting.carriers import read_carriers
from services.documents.typesetting.legal_texts import CarrierTexts
from services.documents.typesetting.text_folder import read_texts
from services.documents.usecases.get_text import GetText
from tests.unit.services.documents.fakes import FakeWork, documents_contract
from tests.unit.services.documents.in_process import typesetter_of
from tests.unit.services.documents.samples import full
from tests.unit.services.documents.typesetting.test_application_pdf import AT
from tests.unit.services.documents.typesetting.test_review_pdf import words

OWN = "# Terms of the carrier\nThe words of {carrier} alone."


def write(folder: Path, **files: str) -> Path:
    """terms_2026_1_all_md="..." -> terms/2026.1.all.md"""
    for name, content in files.items():
        kind, _, rest = name.partition("_")
        (folder / kind).mkdir(parents=True, exist_ok=True)
        (folder / kind / rest.replace("_", ".")).write_text(content, encoding="utf-8")
    return folder


def own_terms(folder: Path) -> Path:
    return write(folder, terms_2026_1_all_md=OWN, terms_2026_1_all_es_md="# Condiciones\nPalabras de {carrier}.")


def test_the_carriers_own_words_go_before_the_shipped_ones_in_both_languages(tmp_path: Path) -> None:
    texts = CarrierTexts(read_texts(own_terms(tmp_path)), read_carriers())
    english, spanish = GetText(texts)("terms", "IL", "2026.1"), GetText(texts)("terms", "IL", "2026.1", SPANISH)
    assert english.title == "Terms of the carrier", "also where a shipped file is for the state alone"
    assert english.blocks[0].text == "The words of Blue Cross and Blue Shield of Illinois alone."
    assert spanish.title == "Condiciones"
    assert english.sample_notice == spanish.sample_notice == ""
    shipped = GetText(texts)("proxy", "IL", "2026.1")
    assert shipped.sample_notice, "what the folder does not have stays ours, and a sample"


def test_a_printed_application_has_the_carriers_words_and_calls_them_no_sample(tmp_path: Path) -> None:
    typesetter = typesetter_of(full(), texts=read_texts(own_terms(tmp_path)))
    printed = words(typesetter.application("A-0638", AT).content)
    assert "The words of Blue Cross and Blue Shield of Texas alone." in printed
    assert "False statements" not in printed
    _before, _, after = printed.partition("Terms of the carrier")
    assert "Sample wording" not in after[:100] and "Sample wording" in after


def test_without_a_folder_the_shipped_texts_are_all_there_is() -> None:
    text = CarrierTexts(read_texts(), read_carriers()).find_text("terms", "TX", "2026.1")
    assert text and text.sample and documents_contract(FakeWork())


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"term_2026_1_all_md": OWN}, "term/2026.1.all.md: put it into a folder with the name of a text"),
        ({"terms_2026_1_ZZ_md": OWN}, "terms/2026.1.ZZ.md: name it VERSION.STATE.md"),
        ({"terms_final_all_md": OWN}, "terms/final.all.md: name it VERSION.STATE.md"),
        ({"terms_2026_1_all_txt": OWN}, "terms/2026.1.all.txt: name it VERSION.STATE.md"),
        ({"terms_2026_1_all_md": OWN}, "there is no 2026.1.all.es.md beside it"),
        ({"terms_2026_1_all_es_md": OWN}, "there is no 2026.1.all.md beside it"),
        ({"terms_2026_1_all_md": OWN, "terms_2026_1_all_es_md": "no title"}, "begin it with a line '# Title'"),
        ({"terms_2026_1_all_md": OWN, "terms_2026_1_all_es_md": "# Only a title"}, "put the text below it"),
    ],
)
def test_a_mistake_in_the_folder_stops_the_process_and_names_the_file(
    tmp_path: Path, files: dict[str, str], said: str
) -> None:
    with pytest.raises(SystemExit) as stopped:
        read_texts(write(tmp_path, **files))
    assert said in str(stopped.value)


def test_every_mistake_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as stopped:
        read_texts(write(tmp_path, terms_2026_1_all_md=OWN, proxy_x_md=OWN))
    assert len(str(stopped.value).splitlines()) == 2


def test_a_folder_that_is_not_there_and_bytes_that_are_no_text_stop_the_process(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="there is no folder"):
        read_texts(tmp_path / "nowhere")
    own_terms(tmp_path)
    (tmp_path / "terms" / "2026.1.all.md").write_bytes(b"# \xff\xfe\ntext")
    with pytest.raises(SystemExit, match="cannot be read as UTF-8"):
        read_texts(tmp_path)


def test_a_mounted_config_map_is_read_through_its_links(tmp_path: Path) -> None:
    """Kubernetes mounts terms/..data -> a dated folder, and a link for each file."""
    data = tmp_path / "terms" / "..2026_11_01"
    data.mkdir(parents=True)
    for name in ("2026.1.all.md", "2026.1.all.es.md"):
        (data / name).write_text(OWN)
        (tmp_path / "terms" / name).symlink_to(Path("..2026_11_01") / name)
    found = read_texts(tmp_path).find_text("terms", "IL", "2026.1", "Carrier")
    assert found and found.title == "Terms of the carrier"
