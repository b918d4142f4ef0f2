"""A network that loses, repeats and delays: what lies between the real client and the real server in the simulator."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx


@dataclass
class Weather:
    """Chances per request. `calm` switches all of it off."""

    chance: random.Random
    lost_request: float = 0.10
    lost_answer: float = 0.12
    twice: float = 0.06
    kept: float = 0.08
    false_answer: float = 0.03
    calm: bool = False
    letters: list[httpx.Request] = field(default_factory=list)

    def happens(self, likely: float) -> bool:
        return not self.calm and self.chance.random() < likely


class WeatheredTransport(httpx.BaseTransport):
    """Between client and server. Requests that are `kept` arrive once more whenever somebody calls `deliver_late`."""

    def __init__(self, inner: httpx.BaseTransport, weather: Weather) -> None:
        self.inner, self.weather = inner, weather

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        weather = self.weather
        request.read()
        if weather.happens(weather.lost_request):
            raise httpx.ConnectError("lost on the way there", request=request)
        if weather.happens(weather.false_answer):
            return httpx.Response(200, html="<html>Please log in to the guest network</html>", request=request)
        if weather.happens(weather.kept):
            weather.letters.append(again(request))
        if weather.happens(weather.twice):
            self.inner.handle_request(again(request))
        answer = self.inner.handle_request(request)
        if weather.happens(weather.lost_answer):
            raise httpx.ReadError("lost on the way back", request=request)
        return answer


def again(request: httpx.Request) -> httpx.Request:
    """The same request, byte for byte, as another one."""
    return httpx.Request(request.method, request.url, headers=request.headers, content=request.content)


def deliver_late(weather: Weather, inner: httpx.BaseTransport, pick: Callable[[int], int]) -> int:
    """One request of long ago arrives again; the status it was answered with."""
    letter = weather.letters.pop(pick(len(weather.letters)))
    return inner.handle_request(letter).status_code
