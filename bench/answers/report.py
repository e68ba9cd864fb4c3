"""What was measured, as a table for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bench.answers.load import Load
from bench.answers.rounds import Round, Summary

HEAD = (
    f"{'item':<8} {'connections':>11} {'answers/s':>9} {'floor/s':>8} {'of floor':>8} {'range':>11} "
    f"{'p50 ms':>7} {'p99 ms':>7} {'next ms':>7} {'server ms':>9} {'PostgreSQL ms':>13} {'MB/worker':>9}"
)


def table(found: Sequence[Summary]) -> Iterator[str]:
    """Yield the lines: medians, the CPU times and the bytes for one answer."""
    yield HEAD
    for one in found:
        middle = one.middle
        times = f"{middle.p50:>7.1f} {middle.p99:>7.1f} {_or_dash(middle.next_p50):>7}"
        used = f"{middle.server_ms:>9.2f} {middle.postgres_ms:>13.2f} {middle.worker_mb:>9.0f}"
        yield (
            f"{middle.item:<8} {middle.connections:>11} {middle.rate:>9.0f} {middle.floor:>8.0f} "
            f"{one.ratio:>8.3f} {one.lowest:>5.3f}–{one.highest:<5.3f} {times} {used}"
        )


def round_line(one: Round) -> str:
    return (
        f"{one.item}, {one.connections} connections: {one.rate:.0f}/s of {one.floor:.0f}/s, {one.ratio:.3f}"
    )


def bytes_line(stored: float) -> str:
    return f"stored for an answer, with all indexes: {stored:.0f} bytes"


def comparison(stored: int, earlier: Sequence[Summary], later: Sequence[Summary]) -> Iterator[str]:
    """Yield how the times of ``later`` compare with those found when ``stored`` answers were stored."""
    for one, other in zip(earlier, later, strict=True):
        p50, p99 = other.middle.p50 / one.middle.p50, other.middle.p99 / one.middle.p99
        yield (
            f"{one.middle.item}, {one.middle.connections} connections, against {stored:,} stored: "
            f"p50 × {p50:.2f}, p99 × {p99:.2f}"
        )


def class_line(load: Load) -> str:
    return (
        f"{load.connections} learners, one answer each within {load.seconds:g} s: {load.answers.count} recorded, "
        f"the last after {load.last / 1000:.2f} s; p50 {load.answers.p50:.0f} ms, p99 {load.answers.p99:.0f} ms"
    )


def _or_dash(milliseconds: float) -> str:
    return f"{milliseconds:.1f}" if milliseconds else "–"
