"""A person with a keyboard and no mouse: everything that is used can be reached, and the focus is seen there."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

# More stops than any page of the flow has.
MOST_STOPS = 220
_HAS_FOCUS = "(element) => element === document.activeElement"
# What the focus draws: of a radio or a box on its label, of a plan on its card, of everything else on itself.
_SEEN = """() => {
  const here = document.activeElement;
  if (!here || here === document.body) return "nothing has the focus";
  const drawn = [here, here.labels?.[0], here.closest("label")].filter(Boolean)
    .flatMap((one) => [getComputedStyle(one), getComputedStyle(one, "::before")]);
  const outlined = (one) => one.outlineStyle !== "none" && parseFloat(one.outlineWidth) > 0;
  return drawn.some((one) => outlined(one) || one.boxShadow !== "none")
    ? "" : here.outerHTML.slice(0, 160);
}"""


@dataclass
class Keyboard:
    """Tab, Space, Enter, arrows and letters; no mouse."""

    page: Page

    def reach(self, target: Locator) -> None:
        """Tab on until ``target`` has the focus, which has to be seen there."""
        target.wait_for(state="attached")
        for _ in range(MOST_STOPS):
            if target.evaluate(_HAS_FOCUS):
                unseen = self.page.evaluate(_SEEN)
                assert not unseen, f"focus is not seen: {unseen}"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab never reaches {target}")

    def press(self, name: str) -> None:
        self.reach(self.page.get_by_role("button", name=name, exact=True))
        self.page.keyboard.press("Enter")

    def fill(self, field: Locator, text: str) -> None:
        self.reach(field)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def select(self, field: Locator, option: str) -> None:
        self.reach(field)
        self.page.keyboard.type(option)

    def choose(self, name: str, value: str) -> None:
        """A radio: Tab reaches the first of its group, arrows the others."""
        group = self.page.locator(f'input[name="{name}"]')
        stop = group.and_(self.page.locator(":checked"))
        self.reach(stop if stop.count() else group.first)
        if not stop.count():
            self.page.keyboard.press("Space")
        wanted = self.page.locator(f'input[name="{name}"][value="{value}"]')
        for _ in range(group.count()):
            # not where the focus is: a choice may open a dialog, which takes it
            if wanted.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{name} has no {value}")

    def tick(self, box: Locator) -> None:
        self.reach(box)
        self.page.keyboard.press("Space")
        expect(box).to_be_checked()


# How everything looks that a person can come to, while nothing has the focus.
_REMEMBER = """() => {
  document.activeElement?.blur();
  window.lookOf = (one) => [one, one.labels?.[0], one.closest("label")].filter(Boolean)
    .flatMap((part) => [getComputedStyle(part), getComputedStyle(part, "::before")])
    .map((style) => [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow].join()).join("|");
  window.unfocused = new Map();
  for (const one of document.querySelectorAll("a, button, input, select, textarea, summary, [tabindex]"))
    window.unfocused.set(one, window.lookOf(one));
}"""
# The stop's place among those so far, -1 for none, and what is wrong with it. Words need the contrast of WCAG 1.4.3 to
# what the focus puts behind them.
_STOP = """() => {
  const luminance = (color) => color.match(/[\\d.]+/g).slice(0, 3).map((one) => one / 255)
    .map((one) => one <= .04045 ? one / 12.92 : ((one + .055) / 1.055) ** 2.4)
    .reduce((sum, one, place) => sum + one * [.2126, .7152, .0722][place], 0);
  const contrast = ({color, backgroundColor}) => {
    const [dark, light] = [luminance(color), luminance(backgroundColor)].sort((one, other) => one - other);
    return backgroundColor.startsWith("rgba") ? 21 : (light + .05) / (dark + .05);
  };
  const here = document.activeElement;
  if (!here || here === document.body) return [-1, ""];
  window.stops ??= [];
  const place = window.stops.indexOf(here);
  if (place < 0) window.stops.push(here);
  const box = here.getBoundingClientRect(), what = here.outerHTML.slice(0, 160);
  const same = window.lookOf(here) === window.unfocused.get(here);
  const away = box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth;
  const unread = here.matches("a, button, summary") && contrast(getComputedStyle(here)) < 4.5;
  const wrong = same ? "looks as before: " + what : away ? "out of sight: " + what
    : unread ? "cannot be read: " + what : "";
  return [place < 0 ? window.stops.length - 1 : place, wrong];
}"""


# What a keyboard has to come to and did not; of the radios of a group, Tab comes to one.
_UNREACHED = """() => {
  const canTab = (one) => one.tabIndex >= 0 && !one.matches(":disabled, [inert] *")
    && one.checkVisibility({visibilityProperty: true});
  const inGroup = (one) => one.type === "radio" && window.stops
    .some((stop) => stop.type === "radio" && stop.name === one.name && stop.form === one.form);
  return [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")]
    .filter((one) => canTab(one) && !window.stops?.includes(one) && !inGroup(one))
    .map((one) => one.outerHTML.slice(0, 160));
}"""


# Tab goes through month, day, year and calendar of a date before it leaves the field.
_HAS_PARTS = "document.activeElement.type === 'date'"


def walk_stops(page: Page) -> tuple[int, list[str]]:
    """Tab through a whole page: how many stops there are, and what a person with a keyboard meets that is wrong.

    The focus is not seen at a stop, does not leave it, or never comes to something.
    """
    page.evaluate(_REMEMBER)
    last, found = -1, []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop, wrong = page.evaluate(_STOP)
        if stop == last and page.evaluate(_HAS_PARTS):
            continue
        if stop <= last:
            if stop > 0:  # not the end of the page, nor its first stop again
                found.append(f"Tab goes back at: {page.evaluate('document.activeElement.outerHTML.slice(0, 160)')}")
            break
        last = stop
        if wrong:
            found.append(wrong)
    else:
        found.append(f"more than {MOST_STOPS} stops")
    return last + 1, found + [f"Tab never comes to: {one}" for one in page.evaluate(_UNREACHED)]
