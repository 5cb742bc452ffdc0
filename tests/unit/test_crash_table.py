"""Everything that the code can do and that changes something ends a process at its points, or says why not."""

from tests.chaos.crash_acts import POINTS, list_called, list_gateway_acts, list_points, list_use_cases
from tests.chaos.crash_table import NOT_ENDED, POINTS_ELSEWHERE, REACHED


def find_uncovered(acts: set[str]) -> set[str]:
    """Those that neither a sample request nor an entry of the table reaches or leaves out."""
    return acts - list_called() - REACHED.keys() - NOT_ENDED.keys()


def test_every_act_is_reached_or_says_why_not() -> None:
    acts = {*list_use_cases(), *list_gateway_acts()}
    assert len(acts) > 150, "the list is made from the code"
    assert find_uncovered(acts) == set()
    assert {*REACHED, *NOT_ENDED} <= acts, "an entry of something that is gone"
    assert REACHED.keys().isdisjoint({*NOT_ENDED, *list_called()})
    assert all([*REACHED.values(), *NOT_ENDED.values()])


def test_an_act_without_an_entry_is_found() -> None:
    assert find_uncovered({"quote.NewUseCase", "gateway.pages.news.read", "quote.CreateQuote"}) == {
        "quote.NewUseCase",
        "gateway.pages.news.read",
    }


def test_every_point_of_the_code_ends_processes_or_says_where_it_does() -> None:
    assert {*POINTS, *POINTS_ELSEWHERE} == list_points()
    assert not POINTS_ELSEWHERE.keys() & set(POINTS)
