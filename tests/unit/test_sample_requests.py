"""Every method of every service has a sample request, and none is there for a method that is gone."""

from tests.contract_calls import rpcs
from tests.sample_requests.every_method import BY_SERVICE


def test_every_method_has_a_sample() -> None:
    assert {service: set(samples) for service, samples in BY_SERVICE.items()} == {
        service: {method.name for method in rpcs(service)} for service in BY_SERVICE
    }
