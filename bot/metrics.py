"""What `/metrics` tells, in Prometheus' words. One set for each application, so that tests do not share counters."""

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics

disable_created_metrics()  # type: ignore[no-untyped-call]  # a second series for each counter helps nobody

_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """Counters are raised where things happen; the gauges are set when `/metrics` is asked for."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self.deliveries = Counter(
            "switchback_deliveries", "Webhook requests, by how they were answered", ["status"], registry=registry
        )
        self.recording = Histogram(
            "switchback_recording_seconds", "Until a delivery was on disk", buckets=_SECONDS, registry=registry
        )
        self.looks = Counter(
            "switchback_looks", "Looks at a subject, by how they ended", ["outcome"], registry=registry
        )
        self.acts = Counter(
            "switchback_acts",
            "What the bot did on GitHub, or gave up",
            ["rule", "effect", "outcome"],
            registry=registry,
        )
        self.requests = Counter(
            "switchback_github_requests", "Calls to GitHub", ["method", "status"], registry=registry
        )
        self.breaker = Counter(
            "switchback_breaker_stops", "Times a rule was stopped for doing too much in an hour", ["rule"],
            registry=registry,
        )  # fmt: skip
        self.waiting = Gauge("switchback_inbox_waiting", "Deliveries not projected yet", registry=registry)
        self.failed = Gauge("switchback_inbox_failed", "Deliveries that could not be projected", registry=registry)
        self.oldest = Gauge(
            "switchback_inbox_oldest_seconds", "Age of the oldest delivery not projected yet", registry=registry
        )
        self.planned = Gauge("switchback_looks_planned", "Subjects that will be looked at", registry=registry)
        self.dead = Gauge("switchback_looks_dead", "Subjects given up after the last try", registry=registry)
        self.missing = Gauge(
            "switchback_deliveries_missing",
            "Deliveries in GitHub's log that the inbox had not, at the last comparison",
            registry=registry,
        )
        self.redeliveries = Counter(
            "switchback_redeliveries", "Deliveries that GitHub was asked to repeat", registry=registry
        )
        self.heard_until = Gauge(
            "switchback_heard_until_seconds",
            "Until when all that GitHub delivered is known, in seconds since 1970; 0: not compared yet",
            registry=registry,
        )
