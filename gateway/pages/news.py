"""News: one YAML file for each item in ``gateway/data/news``, the newest first; an operator may add files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from chassis.kernel import business_date, get_markets
from chassis.yaml_file import BadYaml, load_mapping
from gateway.edge.context import get_gateway, require_session
from gateway.pages.render import render_page

FOLDER = Path(__file__).parents[1] / "data" / "news"


@dataclass(frozen=True, slots=True)
class NewsItem:
    date: date
    title: str
    paragraphs: tuple[str, ...]


async def show(request: Request) -> Response:
    """What is dated later than today waits for its day."""
    await require_session(request)
    today = business_date(get_gateway(request).clock.now(), get_markets().home.state)
    items = [item for item in read_news(FOLDER) if item.date <= today]
    return await render_page(request, "news/news.html", {"items": items})


@cache
def read_news(folder: Path) -> tuple[NewsItem, ...]:
    """Newest first. Raises BadYaml for a file without a date, a title or paragraphs."""
    return tuple(sorted(map(_item, sorted(folder.glob("*.yaml"))), key=lambda item: item.date, reverse=True))


def _item(path: Path) -> NewsItem:
    found = load_mapping(path)
    day, title, paragraphs = (found.get(name) for name in ("date", "title", "paragraphs"))
    if not (isinstance(day, date) and isinstance(title, str) and isinstance(paragraphs, list)):
        raise BadYaml(f"{path} needs a date, a title and a list of paragraphs")
    return NewsItem(day, title, tuple(map(str, paragraphs)))
