"""The payment page's catalogues agree, and every sentence that a payer may read is in both."""

from __future__ import annotations

import ast
import re
from datetime import date
from pathlib import Path
from string import Formatter

import pytest
import yaml

from services.payment.domain.payment import MISMATCH_REASON
from services.payment.page.language import CODES, FOLDER, get_language
from services.payment.usecases.charge_outcome import OTHER_REASON, REASONS

ROOT = Path(__file__).parents[5]
PAYMENT = ROOT / "services" / "payment"
ENGLISH, SPANISH = get_language("en"), get_language("es")
# Raised for callers of the rpcs alone, never on the page.
_NOT_ON_THE_PAGE = ("contract/", "usecases/get_payment.py", "sandbox/")
_RAISED = {"Problem", "Conflict", "NotFound", "Forbidden", "Unavailable", "PageExpired", "at"}


def raised_sentences() -> dict[str, str]:
    """Sentence -> where it stands: literals of errors, of ``message``, ``sentence`` and ``text`` alike."""
    found = {}
    for path in sorted(PAYMENT.glob("**/*.py")):
        name = path.relative_to(PAYMENT).as_posix()
        if name.startswith(_NOT_ON_THE_PAGE):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            for text in _literals(node):
                if re.match(r"[A-Z].* .*\.$", text) and "." not in text.split(" ")[0]:
                    found[text] = name
    return found


def _literals(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        arguments = node.args if name in _RAISED else []
    elif isinstance(node, ast.Assign):
        names = {target.id for target in node.targets if isinstance(target, ast.Name)}
        arguments = [node.value] if names & {"message", "sentence", "text"} else []
    else:
        arguments = []
    return [one.value for one in arguments if isinstance(one, ast.Constant) and isinstance(one.value, str)]


def fields_of(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("code", CODES)
def test_every_catalogue_has_the_same_keys_and_the_same_blanks_to_fill(code: str) -> None:
    texts = get_language(code).texts
    assert list(texts) == list(ENGLISH.texts)
    assert {key: fields_of(text) for key, text in texts.items()} == {
        key: fields_of(text) for key, text in ENGLISH.texts.items()
    }
    assert all(isinstance(text, str) and text.strip() for text in texts.values())


def test_no_spanish_text_is_the_english_one() -> None:
    same = {key for key, text in SPANISH.texts.items() if text == ENGLISH.texts[key]}
    assert same == {"error_prefix"}


def test_every_folder_entry_is_a_language_that_is_offered() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.yaml")) == sorted(CODES)


def test_every_sentence_that_the_page_may_show_is_translated() -> None:
    found = raised_sentences()
    assert len(found) > 15, "the sentences are not found any more"
    known = set(ENGLISH.texts.values())
    # of what enrollment sends, refused before anybody comes to the page
    rpc_alone = {
        "The months must add up to the payment amount.",
        "List each month once, from first to last.",
        "This application has no payment. A payment is created when the application is submitted.",
        # of a callback, whose sender reads the status alone
        "This payment is taken by another processor or carrier.",
        # of a producer who cancels autopay
        "Autopay is already cancelled.",
        "Autopay is not set up for this application.",
    }
    assert {text: where for text, where in found.items() if text not in known | rpc_alone} == {}
    assert {*REASONS.values(), OTHER_REASON, MISMATCH_REASON} <= known


def test_a_sentence_nobody_translated_stays_as_it_is() -> None:
    assert SPANISH.translate("Nobody wrote this.") == "Nobody wrote this."
    assert SPANISH.translate("The card was declined. Try another card or a bank account.").startswith("La tarjeta")


def test_methods_and_months_read_as_people_say_them() -> None:
    assert SPANISH.method("card ending 4242") == "Tarjeta que termina en 4242"
    assert SPANISH.method("Visa ending 4242") == "Visa que termina en 4242"
    assert SPANISH.method("savings account ending 6789") == "Cuenta de ahorros que termina en 6789"
    assert ENGLISH.method("bank account ending 6789") == "Bank account ending 6789"
    assert SPANISH.method("processor's payment page") == "Página de pago del procesador"
    assert ENGLISH.method("carrier's payment page") == "Carrier's payment page"
    assert (SPANISH.month(date(2026, 3, 1)), ENGLISH.month(date(2026, 3, 1))) == ("marzo de 2026", "March 2026")


def test_templates_ask_for_texts_that_there_are() -> None:
    templates = "".join(path.read_text() for path in (PAYMENT / "page" / "templates").glob("*.html"))
    asked = set(re.findall(r"\bt\(['\"]([a-z_]+)['\"]", templates))
    assert asked - {"outcome_", "account_", "payer_"} <= set(ENGLISH.texts)


def test_no_catalogue_has_a_key_twice() -> None:
    for code in CODES:
        lines = [line.partition(":")[0] for line in (FOLDER / f"{code}.yaml").read_text().splitlines()]
        keys = [key for key in lines if re.fullmatch(r"[a-z_0-9]+", key)]
        assert len(keys) == len(set(keys)) == len(yaml.safe_load((FOLDER / f"{code}.yaml").read_text()))
