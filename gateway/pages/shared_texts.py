"""The words of a shared quote, in English and Spanish: the client reads it, not the producer."""

from __future__ import annotations

from collections.abc import Mapping

from google.protobuf.timestamp_pb2 import Timestamp

from gateway.pages.formatting import local_time, write_clock
from gateway.pages.review.page_texts import texts_in

LANGUAGES = ("en", "es")

ENGLISH: Mapping[str, str] = {
    "title": "Your health coverage quote",
    "quote_from": "Quote from",
    "coverage_in": "Coverage in {state} from {day}",
    "per_month": "per month",
    "made_up": "Illustrative plans",
    "made_up_text": "Plans and prices on this page are made up.",
    "made_up_tag": "Illustrative",
    "covered": "Who is covered",
    "person": "Person",
    "selection": "Your selection",
    "nothing": "No plan is selected yet.",
    "compares": "How it compares",
    "caption": "The selected plan compared with other plans of the same carrier",
    "plan": "Plan",
    "premium": "Monthly premium",
    "metal": "Metal level",
    "deductible": "Deductible",
    "maximum": "Out-of-pocket maximum",
    "a_family": "per family",
    "per_person": "The deductible and out-of-pocket maximum are per person and year, in network, unless it says "
    "otherwise.",
    "medical": "Medical",
    "dental": "Dental",
    "rates_filed": "Premiums are based on the rates filed for this effective date, location and these ages.",
    "rates_made_up": "Premiums are based on made-up rates for this effective date, location and these ages.",
    "no_offer": "This quote is not an offer of insurance. Coverage begins only after the carrier accepts an "
    "application and the first premium is paid.",
    "until": "This page is available until {moment}.",
    "closed": "This quote is not available",
    "closed_text": "This link has expired or was closed. Ask your producer for a new one.",
    "changed": "The premium has changed since this quote was made. Ask your producer for a new quote.",
    "other_language": "Español",
}
SPANISH: Mapping[str, str] = {
    "title": "Su cotización de cobertura de salud",
    "quote_from": "Cotización de",
    "coverage_in": "Cobertura en {state} a partir del {day}",
    "per_month": "al mes",
    "made_up": "Planes ilustrativos",
    "made_up_text": "Los planes y precios de esta página son inventados.",
    "made_up_tag": "Ilustrativo",
    "covered": "Personas cubiertas",
    "person": "Persona",
    "selection": "Su selección",
    "nothing": "Todavía no se ha seleccionado ningún plan.",
    "compares": "Comparación con otros planes",
    "caption": "El plan seleccionado comparado con otros planes de la misma compañía",
    "plan": "Plan",
    "premium": "Prima mensual",
    "metal": "Nivel de metal",
    "deductible": "Deducible",
    "maximum": "Gasto máximo de bolsillo",
    "a_family": "por familia",
    "per_person": "El deducible y el gasto máximo de bolsillo son por persona y año, dentro de la red, salvo que "
    "se indique otra cosa.",
    "medical": "Médico",
    "dental": "Dental",
    "rates_filed": "Las primas se basan en las tarifas registradas para esta fecha de inicio, el lugar y estas edades.",
    "rates_made_up": "Las primas se basan en tarifas inventadas para esta fecha de inicio, este lugar y estas edades.",
    "no_offer": "Esta cotización no es una oferta de seguro. La cobertura comienza solo después de que la compañía "
    "acepte una solicitud y se pague la primera prima.",
    "until": "Esta página está disponible hasta el {moment}.",
    "closed": "Esta cotización no está disponible",
    "closed_text": "Este enlace venció o fue cerrado. Pida uno nuevo a su productor.",
    "changed": "La prima ha cambiado desde que se hizo esta cotización. Pida una nueva a su productor.",
    "other_language": "English",
}


def choose_language(asked: str, accepted: str) -> str:
    """What the address asks for, or else the browser's first language; English for every other one."""
    if asked in LANGUAGES:
        return asked
    return "es" if accepted.strip().lower().startswith("es") else "en"


def write_day(language: str, iso: str) -> str:
    """ "7/1/2026"; in Spanish "1 de julio de 2026"."""
    return texts_in(language).day(iso)


def write_moment(language: str, at: Timestamp, state: str) -> str:
    """ "6/19/2026, 10:16 AM" where the state keeps its clocks; the day as ``write_day`` has it."""
    local = local_time(at, state)
    return f"{write_day(language, local.date().isoformat())}, {write_clock(local)}"


def texts_of(language: str) -> Mapping[str, str]:
    return SPANISH if language == "es" else ENGLISH


def metal_of(language: str, metal_level: str) -> str:
    """A metal level, or a dental plan's level, in a language."""
    return texts_in(language).form.words.get(metal_level, metal_level)
