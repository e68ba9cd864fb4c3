"""What the benchmark of answers computes, and its load generator against a small server."""

import json
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from bench.answers.course import EMPTY_KEY, post, solve
from bench.answers.filling import RowSet, Table, cut, renamed
from bench.answers.floor import FloorFailed, read_rate
from bench.answers.load import Load, LoadFailed, compile_load, run_load, write_requests
from bench.answers.processes import TICKS, Usage, listening_inodes, read_stat, tree
from bench.answers.rounds import Round, bytes_an_answer, interleaved, summaries
from content.documents.text import load_document

STAT = "42 (a name) with ) in it) S 7 42 42 0 -1 4194560 100 0 0 0 250 50 30 20 20 0 6 0 100 1000000 512 1844"


def make_round(rate: float, *, floor: float = 1000, item: str = "choice", connections: int = 8) -> Round:
    return Round(
        item=item,
        connections=connections,
        floor=floor,
        rate=rate,
        p50=5,
        p99=9,
        next_p50=0,
        server_ms=2,
        postgres_ms=1,
        answers=100,
        grown=120_000,
        worker_mb=120,
    )


class TestRounds:
    def test_a_ratio_is_the_share_of_the_floor(self) -> None:
        assert make_round(250).ratio == 0.25

    def test_the_ratio_of_several_rounds_is_the_median_of_theirs(self) -> None:
        (found,) = summaries([make_round(100), make_round(300, floor=1500), make_round(900)])
        assert (found.lowest, found.ratio, found.highest) == (0.1, 0.2, 0.9)
        assert found.middle.rate == 300

    def test_rounds_are_summed_up_by_item_and_connections(self) -> None:
        found = summaries([make_round(1), make_round(1, connections=32), make_round(1, item="numeric")] * 2)
        assert [one.rounds for one in found] == [2, 2, 2]

    def test_bytes_are_counted_over_all_rounds(self) -> None:
        assert bytes_an_answer([make_round(1), make_round(1)]) == 1200

    def test_everything_has_its_turn_before_anything_has_its_second(self) -> None:
        asked: list[tuple[str, int]] = []

        def measure(item: str, connections: int) -> Round:
            asked.append((item, connections))
            return make_round(1)

        assert len(list(interleaved(measure, ["a", "b"], [1, 2], rounds=2))) == 8
        assert asked == [("a", 1), ("a", 2), ("b", 1), ("b", 2)] * 2


class TestProcesses:
    def test_a_line_of_stat_is_read_behind_any_name(self) -> None:
        usage = read_stat(STAT)
        assert usage.parent == 7
        assert usage.seconds == pytest.approx(350 / TICKS)
        assert usage.resident % 512 == 0

    def test_a_tree_holds_all_descendants_and_nobody_else(self) -> None:
        parents = {1: 0, 2: 1, 3: 2, 4: 2, 5: 1}
        processes = {number: Usage(parent, 0.0, 0) for number, parent in parents.items()}
        assert tree(2, processes) == {2, 3, 4}

    def test_a_listening_socket_is_found_by_its_port(self) -> None:
        head = "  sl  local_address rem_address   st tx_queue tr uid timeout inode\n"
        rest = "00000000:00000000 00:00000000 00000000 0 0"
        listening = f"   0: 0100007F:1F40 00000000:0000 0A {rest} 77 1\n"
        connected = f"   1: 0100007F:1F40 0100007F:9C40 01 {rest} 88 1\n"
        assert listening_inodes(head + listening + connected, 8000) == {"77"}
        assert listening_inodes(head + listening + connected, 8001) == set()


class TestFilling:
    ids = ("0193-aa", "0193-bb")
    text = "0193-aa\t7\t0193-bb\n0193-bb\t8\t{'of': '0193-aa'}\n"

    def test_a_copy_has_fresh_ids_wherever_the_old_ones_stood(self) -> None:
        copy = "".join(renamed(cut(self.text, self.ids), {"0193-aa": "new-a", "0193-bb": "new-b"}))
        assert copy == "new-a\t7\tnew-b\nnew-b\t8\t{'of': 'new-a'}\n"

    def test_tables_of_a_copy_agree_on_its_ids_and_copies_do_not(self) -> None:
        one, other = Table("one", ("id",), ("id",)), Table("other", ("one_id",), ("one_id",))
        rows = RowSet(
            {one: cut("0193-aa\n", self.ids), other: cut("0193-aa\n", self.ids)}, frozenset(self.ids), 1
        )
        texts = rows.copies(3)
        assert texts[one] == texts[other]
        assert len(set(texts[one].split())) == 3


class TestFloor:
    def test_the_rate_is_read_without_the_time_to_connect(self) -> None:
        output = (
            "number of failed transactions: 0 (0.000%)\ntps = 1234.500000 (without initial connection time)\n"
        )
        assert read_rate(output) == 1234.5

    def test_failed_transactions_are_no_floor(self) -> None:
        output = (
            "number of failed transactions: 3 (1.0%)\ntps = 1234.500000 (without initial connection time)\n"
        )
        with pytest.raises(FloorFailed):
            read_rate(output)


def test_the_exercise_is_solved_from_what_is_shown() -> None:
    cells = "".join(f"<td>{number}</td>" for number in ("2.0", "−1.0", "0.1", "0.5"))
    right, mistaken, off = solve(f"<table><td>weight</td>{cells}</table>")
    assert right == {"a": "1.900000"}  # 2 - 0.1 (-1 + 2 · 0.5 · 2)
    assert mistaken == {"a": "2.100000"}
    assert off == {"a": "11.900000"}


def test_the_items_of_the_benchmark_stand_in_the_library() -> None:
    from bench.answers.course import ITEMS, LESSON, LIBRARY

    kinds = {}
    for kind, slug in ITEMS.items():
        document = load_document((LIBRARY / LESSON / "items" / f"{slug}.yaml").read_text(encoding="utf-8"))
        kinds[kind] = {one["kind"] for one in document["interactions"].values()}
    assert kinds == {"choice": {"choice"}, "numeric": {"numeric"}}


class Listener(ThreadingHTTPServer):
    """Records by what path and key it was asked, and answers every request alike."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, status: int, *, tells_next: bool) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.status = status
        self.tells_next = tells_next
        self.seen: list[tuple[str, str, int, bytes]] = []


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Listener

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen.append((self.path, self.headers["Idempotency-Key"], self.client_address[1], body))
        following = {"position": self._answered() + 1} if self.server.tells_next else None
        self._reply(self.server.status, {"position": 77, "next": following})

    def do_GET(self) -> None:
        self.server.seen.append((self.path, "", self.client_address[1], b""))
        self._reply(200, {"position": self._answered() + 1})

    def _answered(self) -> int:
        """Return how many answers this attempt has had."""
        attempt = self.path.split("/")[2]
        return sum(path.startswith(f"/attempts/{attempt}/presentations/") for path, *_ in self.server.seen)

    def _reply(self, status: int, document: dict[str, Any]) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        pass


@contextmanager
def listening(status: int = 201, *, tells_next: bool = False) -> Iterator[Listener]:
    with Listener(status, tells_next=tells_next) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if sys.platform != "linux" or not shutil.which("cc"):
        pytest.skip("needs Linux and a C compiler")
    return compile_load(tmp_path_factory.mktemp("load"))


def requests_of(learners: int, place: str = "1") -> list[list[bytes]]:
    return [
        [
            post(f"/attempts/{learner}/presentations/{place}/responses/", "X: y\r\n", {"a": word})
            for word in ("one", "other")
        ]
        for learner in range(learners)
    ]


class TestLoad:
    def send_once(self, program: Path, server: Listener, file: Path, connections: int) -> Load:
        return run_load(
            program,
            port=server.server_port,
            requests=file,
            connections=connections,
            seconds=0.2,
            once=True,
        )

    def test_every_learner_sends_one_answer_with_a_key_of_its_own(
        self, program: Path, tmp_path: Path
    ) -> None:
        write_requests(tmp_path / "requests", requests_of(20))
        with listening() as server:
            load = self.send_once(program, server, tmp_path / "requests", 20)
        assert load.answers.count == len(server.seen) == 20
        assert {path for path, *_ in server.seen} == {
            f"/attempts/{learner}/presentations/1/responses/" for learner in range(20)
        }
        keys = {key for _, key, *_ in server.seen}
        assert len(keys) == 20
        assert EMPTY_KEY not in keys

    def test_connections_are_kept_and_share_no_learner(self, program: Path, tmp_path: Path) -> None:
        write_requests(tmp_path / "requests", requests_of(8))
        with listening() as server:
            load = run_load(
                program,
                port=server.server_port,
                requests=tmp_path / "requests",
                connections=4,
                seconds=0.3,
            )
        ports = {
            path: {port for asked, _, port, _ in server.seen if asked == path} for path, *_ in server.seen
        }
        assert load.answers.count == len(server.seen) >= 4
        assert len({port for _, _, port, _ in server.seen}) == 4
        assert all(len(found) == 1 for found in ports.values())
        assert load.answers.p50 <= load.answers.p99 <= load.answers.max

    def test_an_answer_that_is_refused_fails_the_run(self, program: Path, tmp_path: Path) -> None:
        write_requests(tmp_path / "requests", requests_of(4))
        with listening(429) as server, pytest.raises(LoadFailed, match="'429': 4"):
            self.send_once(program, server, tmp_path / "requests", 4)

    @pytest.mark.parametrize("tells_next", [False, True])
    def test_a_learner_who_walks_answers_place_after_place(
        self, program: Path, tmp_path: Path, tells_next: bool
    ) -> None:
        ask = b"GET /attempts/%d/next/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
        learners = [[ask % number, *own] for number, own in enumerate(requests_of(4, place="00000000"))]
        write_requests(tmp_path / "requests", learners, walks=True)
        with listening(tells_next=tells_next) as server:
            load = run_load(
                program,
                port=server.server_port,
                requests=tmp_path / "requests",
                connections=4,
                seconds=0.3,
            )
        for learner in range(4):
            own = [path for path, *_ in server.seen if path.startswith(f"/attempts/{learner}/pres")]
            expected = [
                f"/attempts/{learner}/presentations/{n:08}/responses/" for n in range(1, len(own) + 1)
            ]
            assert own == expected
        assert load.answers.count == len(server.seen) - load.nexts.count
        assert load.nexts.count == 4 if tells_next else load.nexts.count >= load.answers.count
