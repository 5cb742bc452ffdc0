"""Application and proposal in Spanish, read back with pypdf."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path

import pytest
from suite.common.v1 import common_pb2 as common
from suite.enrollment.v1 import application_pb2

from chassis.kernel import Money
from services.documents.remote.proposals import proposal
from services.documents.typesetting.printed_words import FOLDER, get_printed_words
from services.enrollment.domain.effective_dates import effective_dates
from services.enrollment.domain.enums import Coverage
from services.enrollment.domain.life_event_rule import StartKind, start_of
from services.enrollment.domain.pricing import PlanLine, Renewal
from services.enrollment.domain.rule_pack import Circumstances
from services.enrollment.domain.steps import GeneralStep, LifeEvent
from services.enrollment.domain.year_end import _next_year
from services.enrollment.rulebook import Rulebook
from services.quote.catalogue.sources import geography_source, shipped_filings
from services.quote.domain.plan import RateSource
from services.quote.domain.rating import _explain, _why_free
from tests.unit.services.documents.in_process import typesetter_of
from tests.unit.services.documents.samples import full, offered, small
from tests.unit.services.documents.typesetting.test_application_pdf import AT
from tests.unit.services.documents.typesetting.test_review_pdf import reviewed, words

TYPESETTING = Path(__file__).parents[5] / "services" / "documents" / "typesetting"
# Selected before, on and after the day of an event, in its month and in others.
EVENT_AND_SELECTION = (
    (date(2026, 5, 10), date(2026, 4, 20)),
    (date(2026, 5, 10), date(2026, 5, 9)),
    (date(2026, 5, 10), date(2026, 5, 10)),
    (date(2026, 5, 10), date(2026, 6, 2)),
)
EXPLAINED = "Age 40 on the effective date, rating area 1: rate as filed. Tobacco rate."


def printed(message: application_pb2.Application, language: str = "es") -> str:
    return words(typesetter_of(message).application(message.record_number, AT, language).content)


def test_an_application_in_spanish_is_in_spanish_throughout() -> None:
    message = full()
    message.effective_date_reason = "Birth: coverage begins on 2/4/2026, the day of the event."
    for plan in message.plan_lines:
        for line in plan.members:
            line.explanation = EXPLAINED
    text = printed(message)
    for said in (
        *("Solicitud A-0638", "12 de marzo de 2026", "Nacimiento, 4 de febrero de 2026", "Condado de Harris"),
        *("Solicitante principal", "Sí, última vez el 11 de febrero de 2026", "Cobertura médica", "Bronce"),
        *("La cobertura comienza el mismo día de lo que ocurrió.", "Tarifa para quien consume tabaco."),
        *("Asignado por la aseguradora", "Representante autorizado, por Maximiliana", "Pagar ahora", "(móvil)"),
        *("Habla", "Mexicano, Puertorriqueño", "Blanco, Negro o afroamericano", "página 1 de", "Términos y acuerdos"),
        *("Texto de muestra, no es un texto legal", "El documento que se guarda con la solicitud está en inglés."),
    ):
        assert said in text, said
    english = get_printed_words("application", "en").say
    same = {"No", "Dental", "Text", *(one for one in english.values() if "{" in one or len(one) < 4)}
    left = [said for said in english.values() if said not in same and re.search(rf"\b{re.escape(said)}\b", text)]
    assert left == []
    for name in ("Craven & Sons", "Power of attorney", "Blue Cross and Blue Shield of Texas"):
        text = text.replace(name, "")
    assert not re.search(r"\b(the|and|of)\b", text)


def test_every_part_that_the_largest_application_lacks_is_in_spanish_too() -> None:
    message = small()
    message.document_due_on, message.payment_status = "2026-05-11", "bill_later"
    message.proofs_asked.append("birth_certificate")
    message.acceptances.extend(full().acceptances[:1])
    for month, cents in (("2026-12", 173_216), ("2027-01", 183_608)):
        message.first_payment_months.add(month=month, amount=common.Money(cents=cents))
    guardian = message.signatures.guardian
    guardian.first_name, guardian.last_name = "Ada", "Fernbrook"
    text = printed(message)
    for said in (
        *("Prima de diciembre de 2026", "Total del primer pago", "Se cobra después", "Acta de nacimiento"),
        *("Ada Fernbrook, por Jessica Tester", "¿Este plan reemplazará", "Firma como padre, madre o tutor legal"),
        *("Solicitud en papel, firmada por el cliente", "Pagar después", "fecha límite 11 de mayo de 2026"),
    ):
        assert said in text, said
    by_link = printed(reviewed("es"))
    assert "Solicitante, por un enlace de revisión" in by_link and "Prueba (SHA-256) de lo que se mostró" in by_link


def test_a_proposal_in_spanish_is_in_spanish_throughout() -> None:
    quote = offered()
    for one in (quote.quote.medical, quote.quote.dental):
        for line in one.members:
            line.explanation = EXPLAINED
    text = words(typesetter_of().proposal(proposal(quote), AT, "es"))
    for said in (
        *("Propuesta de cobertura de salud", "Preparada para Ann Example", "Válida hasta 31 de mayo de 2026"),
        *("Su plan médico comparado con otros", "Condado de Cook, IL 60601", "Plata", "Deducible, familia"),
        *("Gasto máximo de bolsillo, un niño", "tarifas inventadas", "Quiénes están cubiertos", "Hijo o hija"),
    ):
        assert said in text, said
    english = get_printed_words("proposal", "en").say.values()
    long = [said for said in english if len(said) > 5 and "{" not in said]
    assert [
        said for said in long if said not in ("Dental", "Compare") and re.search(rf"\b{re.escape(said)}\b", text)
    ] == []


def test_the_same_spanish_application_gives_the_same_bytes() -> None:
    first, second = (typesetter_of(small()).application("A-0639", AT, "es") for _ in range(2))
    assert first == second and first != typesetter_of(small()).application("A-0639", AT)


@pytest.mark.parametrize("document", ["application", "proposal"])
def test_both_languages_say_the_same_things_and_nothing_that_no_page_shows(document: str) -> None:
    english, spanish = (get_printed_words(document, language).say for language in ("en", "es"))
    assert english.keys() == spanish.keys()
    holes = re.compile(r"{(\w+)}")
    for key, said in english.items():
        # "some letters" have their names in English alone
        assert {*holes.findall(spanish[key])} | {"what"} == {*holes.findall(said)} | {"what"}, key
    code = "".join(path.read_text() for path in (*TYPESETTING.glob("*.py"), *TYPESETTING.glob("templates/*.typ")))
    shown = re.compile(r"^(attests|proof)_|^(medical|dental)_c|^your_|^rates_")  # put together from a code
    assert [key for key in english if not shown.match(key) and not re.search(rf"\b{key}\b", code)] == []


def test_proof_documents_are_those_of_the_rules_in_their_words() -> None:
    said = get_printed_words("application", "en").say.items()
    printed = {key.removeprefix("proof_"): words for key, words in said if key.startswith("proof_")}
    named = [proof for pack in Rulebook().loaded().packs for proof in pack.proofs.items()]
    assert named and [proof for proof in named if printed.get(proof[0]) != proof[1]] == []


def sentences() -> set[str]:
    """What quote and enrollment say of premiums and first days."""
    said = {_why_free(charged) for charged in (1, 2, 3)}
    for source in RateSource:
        for tobacco, lawful, rated in (
            (False, True, False),
            (True, True, True),
            (True, False, False),
            (True, True, False),
        ):
            said.add(" ".join(_explain(40, 12, tobacco, lawful, rated, source)))
    event = date(2026, 5, 10)
    for kind in StartKind:
        for selected in (date(2026, 4, 20), date(2026, 5, 9), date(2026, 6, 2)):
            if start := start_of(kind, event, selected):
                said.add(
                    f"Loss of Medicaid or CHIP: coverage begins on {start[0].month}/{start[0].day}/2026, {start[1]}."
                )
    line = PlanLine(Coverage.MEDICAL, "p-1", "MyBlue Health 402", "HMO", "Gold", Money(100), (), "filed")
    said |= {f"{line.name}: the plan year ends on 12/31/2026. {_next_year(one, 2027)}" for one in renewed(line)}
    return said


def renewed(line: PlanLine) -> list[PlanLine]:
    """Without a price for the next year, without an offer, and with both."""
    return [line, *(replace(line, renewals=(Renewal(2027, price),)) for price in (None, Money(171_234)))]


def reasons() -> set[str]:
    """Every reason for an effective date that the shipped rules give, of each state, window and life event."""
    found: set[str] = set()
    for pack in Rulebook().loaded().packs:
        for announced in (True, False):
            windows = tuple(replace(one, announced=announced) for one in pack.open_enrollment)
            rules = replace(pack, open_enrollment=windows)
            for window in windows:
                days = {window.first_day, window.last_day, *(start.selected_until for start in window.starts)}
                for state, day in product(window.states, days):
                    found |= explanations(GeneralStep(special_enrollment=False), state, Circumstances(day, rules))
        for kind, (event, selected) in product(pack.life_events, EVENT_AND_SELECTION):
            step = GeneralStep(life_events=(LifeEvent(kind, event),))
            found |= explanations(step, "TX", Circumstances(selected, pack))
    return found


def explanations(step: GeneralStep, state: str, circumstances: Circumstances) -> set[str]:
    return {option.explanation for option in effective_dates(step, state, circumstances).options}


def test_every_reason_for_an_effective_date_has_its_words_in_spanish() -> None:
    spanish, found = get_printed_words("application", "es"), reasons()
    assert [one for one in found if spanish.sentence(one) == one] == []
    said = {spanish.sentence(one) for one in found}
    assert {one for one in said if re.search(r"\b(the|and|of|on)\b|\d/\d", one)} == set()
    # both of open enrollment, and each way in which a life event fixes the first day
    assert sum("Inscripción abierta" in one for one in said) > 2
    assert any("límites federales" in one for one in said)
    named = {re.sub(r".*, the", "the", one) for one in found if not one.startswith("Open enrollment")}
    starts = [start_of(kind, *days) for kind in StartKind for days in EVENT_AND_SELECTION]
    assert named == {f"{start[1]}." for start in starts if start}


def test_the_reason_of_open_enrollment_is_printed_in_spanish_with_its_date() -> None:
    message = full()
    message.effective_date_reason = "Open enrollment for 2027: plans selected today begin on 1/1/2027."
    said = "Inscripción abierta para 2027: la cobertura de los planes elegidos ese día comienza el 1 de enero de 2027."
    assert said in printed(message)
    assert message.effective_date_reason in printed(message, "en")


def test_every_sentence_of_the_other_services_has_its_words_in_spanish() -> None:
    spanish = get_printed_words("application", "es")
    left = [one for one in sentences() if spanish.sentence(one) == one]
    assert left == []
    assert len(sentences()) > 15


def test_what_the_shipped_plans_charge_for_care_has_its_words_in_spanish() -> None:
    spanish = get_printed_words("proposal", "es")
    plans = [plan for source in shipped_filings(geography_source()) for plan in source.read().plans]
    lines = {(line.benefit, line.in_network) for plan in plans for line in plan.detail.benefits}
    assert len(lines) > 100
    assert {care for care, _ in lines if spanish.value(care) == care} == set()
    assert {
        charged for _, charged in lines if re.search("[A-Za-z]{3}", charged) and spanish.cost_share(charged) == charged
    } == set()


@pytest.mark.parametrize(
    ("filed", "said"),
    [
        ("$400 Copay and 20% Coinsurance after deductible", "Copago de $400 y coseguro del 20% después del deducible"),
        ("No charge", "Sin costo"),
        ("$40", "$40"),
        ("$40 and something of the carrier's own", "$40 and something of the carrier's own"),
        ("", ""),
    ],
)
def test_a_cost_share_is_said_in_spanish_or_left_as_it_was_filed(filed: str, said: str) -> None:
    assert get_printed_words("proposal", "es").cost_share(filed) == said
    assert get_printed_words("proposal", "en").cost_share(filed) == filed


def test_a_sentence_that_nobody_knows_is_printed_whole_as_it_came() -> None:
    spanish = get_printed_words("application", "es")
    unknown = "Tobacco rate. Something new."
    assert spanish.sentence(unknown) == unknown
    assert get_printed_words("application", "en").sentence(EXPLAINED) == EXPLAINED


def test_the_files_are_those_that_are_read() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {
        *(f"{document}.{language}.yaml" for document in ("application", "proposal") for language in ("en", "es")),
        *("sentences.es.yaml", "values.es.yaml", "cost_shares.es.yaml"),
    }
