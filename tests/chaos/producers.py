"""Producers at work: each takes one family after the other from quote to payment and PDF, over the JSON API."""

from __future__ import annotations

import threading
from collections import Counter
from contextlib import closing
from typing import Any

import httpx

from chassis.kernel import SystemClock, business_date
from deploy.local.demo.api import Api
from deploy.local.demo.journey import STATE, Journey


class CountingApi(Api):
    """Counts requests: those that were asked for, and those that had to be sent."""

    def __init__(self, portal_url: str) -> None:
        super().__init__(portal_url)
        self.asked = self.sent = 0
        self._http.event_hooks["request"] = [self._count]

    def _count(self, _request: httpx.Request) -> None:
        self.sent += 1

    def _send(self, method: str, path: str, **options: Any) -> httpx.Response:
        self.asked += 1
        return super()._send(method, path, **options)


class Producers:
    """``pause``: seconds that each rests between two families.

    ``numbers``: the applications that they submitted; ``failed``: what they saw that was no answer, after repeating;
    ``requests``: how many they ``asked`` for and how many were ``sent`` for that.
    """

    def __init__(self, portal_url: str, how_many: int, pause: float = 0.0) -> None:
        self.numbers: list[str] = []
        self.failed: list[str] = []
        self.requests: Counter[str] = Counter()
        self._portal_url, self._pause = portal_url, pause
        self._today = business_date(SystemClock().now(), STATE)
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._work) for _ in range(how_many)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let each end with the family that it is at."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        with closing(CountingApi(self._portal_url)) as api:
            while not self._stop.is_set():
                journey = Journey(api, self._today)
                try:
                    journey.until_ready()
                    journey.submit()
                    self.numbers.append(journey.record_number)
                    journey.fetch_pdf()
                    journey.pay()
                except Exception as failure:  # whatever it is, it is what the producer saw
                    self.failed.append(repr(failure))
                self._stop.wait(self._pause)
        self.requests.update(asked=api.asked, sent=api.sent)
