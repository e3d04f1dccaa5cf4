"""Numbers for operators, in Prometheus form. Labels are routes as written, methods and statuses: nothing personal."""

from functools import lru_cache

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

REGISTRY = CollectorRegistry()
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"})
_REQUESTS = Counter("childcare_requests", "Requests answered.", ("method", "route", "status"), registry=REGISTRY)
_SECONDS = Histogram(
    "childcare_request_seconds",
    "Time from the first byte asked to the last byte answered.",
    ("method", "route"),
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
    registry=REGISTRY,
)
_GIVEN_UP = Gauge(
    "childcare_outbox_given_up", "Events the worker gave up, of the whole database: look at them.", registry=REGISTRY
)
_WAITING = Gauge("childcare_outbox_waiting", "Events that wait for the worker.", registry=REGISTRY)


def count(method: str, route: str, status: int, seconds: float) -> None:
    """Count one answered request. `route` is the template, never the address."""
    # A method is the client's word; an unknown one must not become a new series each time.
    requests, times = _series(method if method in _METHODS else "other", route, status)
    requests.inc()
    times.observe(seconds)


@lru_cache(maxsize=4096)
def _series(method: str, route: str, status: int) -> tuple[Counter, Histogram]:
    return _REQUESTS.labels(method, route, str(status)), _SECONDS.labels(method, route)


def show_outbox(given_up: float, waiting: float) -> None:
    """Show how the outbox stands; it is the same in every process."""
    _GIVEN_UP.set(given_up)
    _WAITING.set(waiting)


def exposition() -> bytes:
    """Return all numbers of this process, as Prometheus reads them."""
    return generate_latest(REGISTRY)
