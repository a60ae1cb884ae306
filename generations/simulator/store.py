"""What the simulator remembers: tasks, charges and requests, in a SQLite file that survives restart and kill.

A task's state is not stored: it follows from its planned times and the clock. Times are Unix seconds,
amounts are ten-thousandths of a US dollar.
"""

import json
import math
import sqlite3
import threading
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from .envelope import Refusal

WINDOW = 60  # seconds over which requests are counted
TABLES = """
CREATE TABLE IF NOT EXISTS task (
  id TEXT PRIMARY KEY, key TEXT NOT NULL, model TEXT NOT NULL, body TEXT NOT NULL, body_hash TEXT NOT NULL,
  outputs TEXT NOT NULL, faults TEXT NOT NULL, token TEXT NOT NULL UNIQUE,
  copy INTEGER NOT NULL, amount INTEGER NOT NULL,
  created REAL NOT NULL, processing REAL NOT NULL, done REAL NOT NULL, expires REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS task_bought ON task (model, body_hash);
CREATE INDEX IF NOT EXISTS task_running ON task (key, done);
CREATE TABLE IF NOT EXISTS charge (
  number INTEGER PRIMARY KEY, task TEXT NOT NULL REFERENCES task (id), key TEXT NOT NULL,
  amount INTEGER NOT NULL, at REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS charge_of_key ON charge (key, amount);
CREATE TABLE IF NOT EXISTS request (
  number INTEGER PRIMARY KEY, at REAL NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL, key TEXT,
  headers TEXT NOT NULL, counted INTEGER NOT NULL, status INTEGER, violation TEXT
);
CREATE INDEX IF NOT EXISTS request_window ON request (key, at) WHERE counted;
CREATE TABLE IF NOT EXISTS delivery (
  number INTEGER PRIMARY KEY, id TEXT NOT NULL, task TEXT NOT NULL REFERENCES task (id), url TEXT NOT NULL,
  origin TEXT NOT NULL, about REAL NOT NULL, retry INTEGER NOT NULL, due REAL, status INTEGER
);
CREATE INDEX IF NOT EXISTS delivery_due ON delivery (due) WHERE due IS NOT NULL;
CREATE TABLE IF NOT EXISTS upload (
  id TEXT PRIMARY KEY, key TEXT NOT NULL, filename TEXT NOT NULL, content_type TEXT NOT NULL, size INTEGER NOT NULL,
  created REAL NOT NULL, expires REAL NOT NULL
);
"""


@dataclass(frozen=True)
class Task:
    """An accepted order. `key` is the fingerprint of the key that paid, `outputs` the planned files, `faults`
    the fault tokens of its prompt, `token` the secret of its file addresses, `copy` how often the same body
    was bought before. One that is never `done` has infinity there."""

    id: str
    key: str
    model: str
    body: dict
    body_hash: str
    outputs: list[dict]
    faults: list[str]
    token: str
    amount: int
    created: float
    processing: float
    done: float
    expires: float
    copy: int = 0

    @property
    def is_stuck(self) -> bool:
        return math.isinf(self.done)

    def status(self, now: float) -> str:
        """The documented word for the task's state at that moment."""
        if now < self.processing:
            return "pending"
        return "processing" if now < self.done else "success"


@dataclass(frozen=True)
class Delivery:
    """A webhook call that is to be made when it is `due`. It tells the state of the task at the moment `about`, with
    files addressed at `origin`; `retry` counts earlier tries."""

    id: str
    task: str
    url: str
    origin: str
    about: float
    retry: int
    due: float


@dataclass(frozen=True)
class Upload:
    """A file that the holder of `key` (fingerprint) gave to be used as input; `size` in bytes."""

    id: str
    key: str
    filename: str
    content_type: str
    size: int
    created: float
    expires: float


class Store:
    """The database. Safe to use from many threads; what a method wrote is committed when it returns."""

    def __init__(self, path: Path):
        self._lock = threading.RLock()
        self._database = sqlite3.connect(path, timeout=20, isolation_level=None, check_same_thread=False)
        self._database.row_factory = sqlite3.Row
        # NORMAL in WAL mode outlives any kill of the process; only a power cut could take the last commits.
        self._database.executescript(f"PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; {TABLES}")

    def close(self) -> None:
        with self._lock:
            self._database.close()

    @contextmanager
    def _transaction(self):
        with self._lock:
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield self._database
            except BaseException:
                self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")

    def _rows(self, sql: str, *values) -> list[sqlite3.Row]:
        with self._lock:
            return self._database.execute(sql, values).fetchall()

    # ------------------------------------------------------------ tasks and money

    def accept(self, task: Task, deliveries: Sequence[Delivery] = (), *, cap: int, opening: int) -> Task:
        """Store and charge the task, or refuse it: `cap` tasks of its key may run at once, `opening` is the
        balance a key starts with. All checks and rows, those of its webhook too, are one transaction."""
        with self._transaction() as database:
            self._refuse_too_many(task, cap)
            self._refuse_too_poor(task, opening)
            task = _with_copy(task, self._bought(task))
            names = ", ".join(asdict(task))
            marks = ", ".join("?" * len(asdict(task)))
            database.execute(f"INSERT INTO task ({names}) VALUES ({marks})", _packed(task))  # noqa: S608
            charge = (task.id, task.key, task.amount, task.created)
            database.execute("INSERT INTO charge (task, key, amount, at) VALUES (?, ?, ?, ?)", charge)
            sql = """INSERT INTO delivery (id, task, url, origin, about, retry, due)
                     VALUES (:id, :task, :url, :origin, :about, :retry, :due)"""
            database.executemany(sql, map(asdict, deliveries))
        return task

    def _refuse_too_many(self, task: Task, cap: int) -> None:
        sql = "SELECT count(*) FROM task WHERE key = ? AND done > ?"
        if self._rows(sql, task.key, task.created)[0][0] >= cap:
            raise Refusal(429, "Concurrent limit exceeded", f"{cap} tasks are already running")

    def _refuse_too_poor(self, task: Task, opening: int) -> None:
        if self.balance(task.key, opening) < task.amount:
            raise Refusal(402, "Payment Required", "the balance is too low for this request")

    def _bought(self, task: Task) -> int:
        sql = "SELECT count(*) FROM task WHERE model = ? AND body_hash = ?"
        return self._rows(sql, task.model, task.body_hash)[0][0]

    def balance(self, key: str, opening: int) -> int:
        return opening - self._rows("SELECT coalesce(sum(amount), 0) FROM charge WHERE key = ?", key)[0][0]

    def task(self, identifier: str) -> Task | None:
        return _first(self._rows("SELECT * FROM task WHERE id = ?", identifier))

    def task_of_file(self, token: str) -> Task | None:
        return _first(self._rows("SELECT * FROM task WHERE token = ?", token))

    def latest_tasks(self, limit: int) -> list[Task]:
        """The newest first."""
        return list(map(_task, self._rows("SELECT * FROM task ORDER BY created DESC LIMIT ?", limit)))

    def expired_tokens(self, now: float) -> list[str]:
        return [row["token"] for row in self._rows("SELECT token FROM task WHERE expires <= ?", now)]

    def ledger(self) -> list[dict]:
        """Every charge in order: task_id, key (fingerprint), model, body_hash, body, amount (USD), at."""
        sql = """SELECT task.id AS task_id, charge.key, model, body_hash, body, charge.amount, at
                 FROM charge JOIN task ON task.id = charge.task ORDER BY number"""
        rows = map(dict, self._rows(sql))
        return [row | {"body": json.loads(row["body"]), "amount": row["amount"] / 10_000} for row in rows]

    def purses(self) -> list[dict]:
        """What each key has bought: key (fingerprint), tasks, spent (ten-thousandths of a dollar)."""
        sql = "SELECT key, count(*) AS tasks, sum(amount) AS spent FROM charge GROUP BY key ORDER BY key"
        return list(map(dict, self._rows(sql)))

    # ------------------------------------------------------------ webhooks

    def take_deliveries(self, now: float, *, held: float) -> list[tuple[int, Delivery]]:
        """Those that are due, by number. Unless closed they are due again `held` seconds later."""
        names = ", ".join(field.name for field in fields(Delivery))
        with self._transaction() as database:
            rows = self._rows(f"SELECT number, {names} FROM delivery WHERE due <= ? ORDER BY due, number", now)  # noqa: S608
            database.execute("UPDATE delivery SET due = ? WHERE due <= ?", (now + held, now))
        return [(row["number"], Delivery(*row[1:])) for row in rows]

    def next_delivery(self) -> float | None:
        """When the next one is due, if any is left."""
        return self._rows("SELECT min(due) FROM delivery")[0][0]

    def close_delivery(self, number: int, status: int, due: float | None) -> None:
        """Note how a try was answered (0: not at all), and when the next is due (None: never)."""
        with self._transaction() as database:
            sql = "UPDATE delivery SET status = ?, retry = retry + (? IS NOT NULL), due = ? WHERE number = ?"
            database.execute(sql, (status, due, due, number))

    def deliveries(self) -> list[dict]:
        """Every webhook call in order: id, task, url, retry, due (None: over), status (None: not tried yet)."""
        sql = "SELECT id, task, url, retry, due, status FROM delivery ORDER BY number"
        return list(map(dict, self._rows(sql)))

    # ------------------------------------------------------------ uploads

    def keep_upload(self, upload: Upload, *, quota: int) -> None:
        """Store the row, or refuse it: a key may have `quota` of them."""
        with self._transaction() as database:
            if len(self.uploads(upload.created, upload.key)) >= quota:
                raise Refusal(429, "Quota exceeded", f"{quota} files are already stored")
            database.execute("INSERT INTO upload VALUES (?, ?, ?, ?, ?, ?, ?)", _packed(upload))

    def upload(self, identifier: str) -> Upload | None:
        rows = self._rows("SELECT * FROM upload WHERE id = ?", identifier)
        return Upload(**rows[0]) if rows else None

    def uploads(self, now: float, key: str | None = None) -> list[Upload]:
        """Those that have not expired, of one key or of all, the newest first."""
        sql = "SELECT * FROM upload WHERE expires > ? AND key = coalesce(?, key) ORDER BY created DESC"
        return [Upload(**row) for row in self._rows(sql, now, key)]

    def drop_upload(self, identifier: str) -> None:
        with self._transaction() as database:
            database.execute("DELETE FROM upload WHERE id = ?", (identifier,))

    # ------------------------------------------------------------ requests

    def record(self, entry: dict, *, limit: int) -> tuple[int, int, float]:
        """Log a request before it is acted on. Returns its number, how many of `limit` requests a minute are
        left to its key (-1: this one is too many, and does not count), and when the oldest of them leaves the
        window. `entry` has at, method, path, key, headers, violation, and counted: does the limit apply."""
        with self._transaction() as database:
            sql = "SELECT count(*), min(at) FROM request WHERE counted AND key IS ? AND at > ?"
            used, oldest = self._rows(sql, entry["key"], entry["at"] - WINDOW)[0]
            counted = entry["counted"] and used < limit
            sql = """INSERT INTO request (at, method, path, key, headers, violation, counted)
                     VALUES (:at, :method, :path, :key, :headers, :violation, :counted)"""
            row = entry | {"counted": counted, "headers": json.dumps(entry["headers"])}
            number = database.execute(sql, row).lastrowid
        left = limit - used - entry["counted"]
        return number, left, (oldest or entry["at"]) + WINDOW

    def close_request(self, number: int, status: int) -> None:
        """Note the status a request was answered with; 0 when it got no answer."""
        with self._transaction() as database:
            database.execute("UPDATE request SET status = ? WHERE number = ?", (status, number))

    def requests(self) -> list[dict]:
        """Every request in order: at, method, path, key (fingerprint or None), headers, status, violation."""
        return self.latest_requests(-1)[::-1]

    def latest_requests(self, limit: int) -> list[dict]:
        """The newest first; -1: all."""
        sql = "SELECT at, method, path, key, headers, status, violation FROM request ORDER BY number DESC LIMIT ?"
        return [dict(row) | {"headers": json.loads(row["headers"])} for row in self._rows(sql, limit)]


def _packed(row: Task | Upload) -> list:
    return [json.dumps(value) if isinstance(value, (dict, list)) else value for value in asdict(row).values()]


def _first(rows: list[sqlite3.Row]) -> Task | None:
    return _task(rows[0]) if rows else None


def _task(row: sqlite3.Row) -> Task:
    return Task(**dict(row) | {name: json.loads(row[name]) for name in ("body", "outputs", "faults")})


def _with_copy(task: Task, copy: int) -> Task:
    return Task(**asdict(task) | {"copy": copy})
