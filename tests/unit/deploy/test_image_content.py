"""What can get into an image, by .dockerignore."""

from pathlib import Path

PATTERNS = (Path(__file__).parents[3] / ".dockerignore").read_text().splitlines()


def test_images_are_made_of_what_is_listed_and_hold_no_history() -> None:
    rules = [line for line in PATTERNS if line and not line.startswith("#")]
    assert rules[0] == "*"
    let_in = [rule.removeprefix("!") for rule in rules if rule.startswith("!")]
    assert not [path for path in let_in if path.startswith((".git", "tests", "docs", ".run", ".env"))]
