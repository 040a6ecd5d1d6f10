"""/metrics: figures of this installation for Prometheus, to whoever asks from a network that the settings name.

The one who asked is whoever holds the other end of the connection: what a request says of where it came from is not
believed. One that a proxy has passed on is not answered: it says so, or asks by the name under which people reach the
pages, where a monitoring program asks by the address, or the name of the machine.
"""

import re
import socket
from collections.abc import Iterable, Iterator, Mapping, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address
from itertools import accumulate

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector, CollectorRegistry
from starlette.requests import Request
from starlette.responses import Response

from scheduler import __version__
from scheduler.services.views.installation.daemons import DaemonStanding
from scheduler.services.views.installation.monitored import CYCLE_SECONDS, Monitored, ProcessCounts, monitored
from scheduler.settings.signing_in import Network

from .security import is_passed_on
from .unit_of_work import UnitOfWork

_HOST = re.compile(r"(?:\[([0-9a-f:.]+)\]|([^:\[\]]+))(?::\d+)?")
"""A Host, with or without its port."""


async def metrics(unit_of_work: UnitOfWork, counts: ProcessCounts, request: Request) -> Response | None:
    """The figures in the form that was asked for, OpenMetrics or Prometheus's own text; None where they are not for
    whoever asks. Raises StoreError."""
    if not may_read(request, unit_of_work.app.settings.web.metrics_from):
        return None
    found = await unit_of_work.read(monitored)
    registry = CollectorRegistry()
    registry.register(_Figures(families(found, counts)))
    encode, content_type = choose_encoder(request.headers.get("accept", ""))
    return Response(encode(registry), headers={"Content-Type": content_type})


def may_read(request: Request, networks: Iterable[Network]) -> bool:
    """Whether the other end of the connection is in one of these networks, and no proxy stands between."""
    if request.client is None or is_passed_on(request.headers):
        return False
    peer = _address(request.client.host)
    return peer is not None and _names_the_machine(request) and any(peer in network for network in networks)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(text)
    except ValueError:
        return None
    # A socket of both kinds tells of an IPv4 peer as ::ffff:10.20.0.1.
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found


def _names_the_machine(request: Request) -> bool:
    """Whether a request asks by an address or the machine's own name, as nobody does who comes by a proxy."""
    found = _HOST.fullmatch(request.headers.get("host", "").lower())
    host = (found[1] or found[2]) if found else ""
    return _address(host) is not None or host in ("localhost", socket.gethostname().lower())


class _Figures(Collector):
    """Figures that were read already, as the library wants to be given them."""

    def __init__(self, families: Iterator[Metric]) -> None:
        self._families = [*families]

    def collect(self) -> list[Metric]:
        return self._families


def families(found: Monitored, counts: ProcessCounts) -> Iterator[Metric]:
    """Every figure under its name: what it counts, its unit in its last word."""
    yield _labelled("cadence_build", "The program that runs.", ("version",), {(__version__,): 1}, info=True)
    yield _gauge("cadence_partnerships", "Partnerships in force.", found.partnerships)
    buckets = [*map(str, CYCLE_SECONDS), "+Inf"]
    yield HistogramMetricFamily(
        "cadence_cycle_seconds",
        "How long the cycles of this process took.",
        buckets=[*zip(buckets, accumulate(counts.cycles), strict=True)],
        sum_value=counts.cycle_seconds,
    )
    yield CounterMetricFamily(
        "cadence_cycles_failed", "Cycles of this process that ended in a fault.", counts.cycles_failed
    )
    yield _gauge(
        "cadence_last_cycle_age_seconds", "Since a cycle was last completed, by any daemon.", found.last_cycle_age
    )
    letters: dict[tuple[str, ...], float] = {(each.channel, each.state): each.letters for each in found.letters}
    yield _labelled("cadence_letters", "Letters on record.", ("channel", "state"), letters)
    yield _gauge(
        "cadence_oldest_due_letter_age_seconds",
        "Since the oldest letter was written that has not left; 0 where none waits.",
        found.oldest_due_age or 0,
    )
    yield _labelled("cadence_faults", "Faults that stand, by what has them.", ("of",), _by_one(found.faults))
    yield _gauge("cadence_definition_problems", "Definition files that are wrong.", found.definition_problems)
    yield _gauge("cadence_plans_waiting", "Plans that wait for approval.", found.plans_waiting)
    yield _gauge("cadence_replies_to_read", "Replies that wait for a person.", found.replies_to_read)
    came = CounterMetricFamily(
        "cadence_mail_received", "Mail to the address for answers, by what became of it.", labels=("outcome",)
    )
    for outcome, letters_ in found.mail_received.items():
        came.add_metric((outcome,), letters_)
    yield came
    overdue = _by_one(found.overdue)
    yield _labelled("cadence_overdue_kpis", "Overdue periods of KPIs, by the rung reached.", ("rung",), overdue)
    yield _gauge("cadence_reviews_to_close", "Reviews that are over and not closed.", found.reviews_to_close)
    feeds = CounterMetricFamily("cadence_feed_requests", "Feeds that this process was asked for.", labels=("status",))
    for status, times in sorted(counts.feed_requests.copy().items()):
        feeds.add_metric((str(status),), times)
    yield feeds
    yield _gauge("cadence_database_bytes", "The size of the database.", found.database_bytes)
    yield _gauge("cadence_disk_free_bytes", "What is left on the fullest of its disks.", found.disk_free_bytes)
    yield _gauge("cadence_last_backup_age_seconds", "Since a backup was last made.", found.last_backup_age)
    yield from _of_daemons(found.daemons)
    yield _gauge(
        "cadence_definitions_differing",
        "Definition files of which hosts see different contents: nobody plans by them.",
        found.definitions_differing,
    )


def _of_daemons(daemons: Sequence[DaemonStanding]) -> Iterator[Metric]:
    """A sample for each daemon that shares the database; of several of one name the one that was heard of last."""
    last: dict[tuple[str, ...], DaemonStanding] = {}
    for each in daemons:
        last.setdefault((each.name,), each)
    of = ("daemon",)
    up = {name: float(each.is_up) for name, each in last.items()}
    plans = {name: float(each.plans) for name, each in last.items()}
    seen = {name: max(0.0, each.silent_for.total_seconds()) for name, each in last.items()}
    yield _labelled("cadence_daemon_up", "Whether the daemon was heard of in the last two minutes.", of, up)
    yield _labelled("cadence_daemon_plans", "Whether the daemon plans; 0 where it only delivers.", of, plans)
    yield _labelled("cadence_daemon_seen_age_seconds", "Since the daemon was last heard of.", of, seen)


def _gauge(name: str, says: str, value: float | None) -> GaugeMetricFamily:
    """A figure by itself; without a value there is no sample of it."""
    return GaugeMetricFamily(name, says, value)


def _labelled(
    name: str, says: str, labels: tuple[str, ...], values: Mapping[tuple[str, ...], float], *, info: bool = False
) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"{name}_info" if info else name, says, labels=labels)
    for said, value in values.items():
        family.add_metric(said, value)
    return family


def _by_one(counts: Mapping[str, int]) -> dict[tuple[str, ...], float]:
    return {(label,): count for label, count in sorted(counts.items())}
