"""Tests of the portal in a real browser. A package, so that the browser and its suite end with the last test in it."""
