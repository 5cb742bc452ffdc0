"""The five steps in their order (R110), and the pages of the items of their lists."""

from __future__ import annotations

from collections.abc import Callable

from chassis.kernel import NotFound
from gateway.pages.enrollment import general, household, other_coverage, people, plans, signatures
from gateway.pages.enrollment.form import SubmittedForm
from gateway.pages.enrollment.pages import Follow
from gateway.pages.enrollment.step import Application, StepPage

FindPage = Callable[[Application, str, SubmittedForm | None], StepPage]

PAGES: tuple[StepPage, ...] = (general.PAGE, household.PAGE, plans.PAGE, other_coverage.PAGE, signatures.PAGE)
# Where the buttons of a step's own lead to, by its slug.
FOLLOW: dict[str, Follow] = {
    "general": general.follow,
    "household": household.follow,
    "plans": plans.follow,
    "other-coverage": other_coverage.follow,
}
# The page of a life event, a person or a policy, and the list that it leads back to, by the beginning of its slug.
PARTS: dict[str, tuple[FindPage, str]] = {
    "general/life-events": (general.EVENTS.page, "general#life_events"),
    "household/people": (people.person_page, "household#people"),
    "other-coverage/replaced": (other_coverage.REPLACED.page, "other-coverage#replaced"),
    "other-coverage/others": (other_coverage.OTHERS.page, "other-coverage#others"),
}


def find_page(application: Application, slug: str) -> StepPage:
    """Of a step, or of an item of its lists; raises NotFound."""
    begin, _, which = slug.rpartition("/")
    if begin in PARTS:
        find, _ = PARTS[begin]
        return find(application, which, None)
    return find_step(slug)


def find_step(slug: str) -> StepPage:
    found = next((page for page in PAGES if page.slug == slug), None)
    if found is None:
        raise NotFound("There is no such step. Open the application again.")
    return found
