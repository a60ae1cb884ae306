"""The studio on servers: what the tests promise on SQLite and on disk holds on PostgreSQL, Redis and S3 as well.

Each run is a pytest of its own, as the settings are read once in a process. They run side by side: mostly they wait.
"""

import os
import sys

import pytest

from tests.scaled.servers import begin, end

ENGINE = [f"tests/engine/test_{name}.py" for name in ("life", "trace", "office")]
VIEWS = [
    "tests/models/test_races.py",
    "tests/models/test_ledger.py",
    "tests/models/test_budgets.py",
    "tests/forms/test_feed.py",
    "tests/views/test_media.py",
    "tests/keeping/test_backup.py::RoundTests",
]
RUNS = {
    "engine": [*ENGINE, *VIEWS, "-k", "not locked_database"],  # which is about one file
    "kills": ["tests/engine/test_kill.py", "-k", "not locked_for"],  # which is about one file as well
    "machines": ["tests/scaled/machines.py"],
}
FEWER = {"STUDIO_KILLS": "1"}  # at each step; as many at random as on SQLite
SECONDS = 300 + 2 * int(os.environ.get("STUDIO_RANDOM_KILLS", "0"))


@pytest.fixture(scope="module")
def runs(postgres, redis_server, s3, tmp_path_factory):
    """Each run's process and the file of its words."""
    folder = tmp_path_factory.mktemp("runs")
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")} | s3 | FEWER
    runs = {}
    for number, (name, tests) in enumerate(RUNS.items()):
        own = {"DATABASE_URL": f"{postgres}/{name}", "REDIS_URL": f"{redis_server.url}/{number}"}
        command = (sys.executable, "-m", "pytest", "-q", "-rP", "-p", "no:cacheprovider", "--durations=5", *tests)
        words = folder / name
        with open(words, "w") as file:
            runs[name] = begin(*command, env=ours | own, stdout=file, stderr=file), words
    yield runs
    for process, _ in runs.values():
        end(process)


@pytest.mark.parametrize("name", RUNS)
def test_all_of_it_holds_on_servers(runs, name):
    process, words = runs[name]
    process.wait(SECONDS)
    print(words.read_text())
    assert process.returncode == 0
