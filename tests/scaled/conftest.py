import pytest

from tests.scaled import servers


@pytest.fixture(scope="session")
def postgres():
    """The URL of a real PostgreSQL, without the name of a database."""
    with servers.postgres() as url:
        yield url


@pytest.fixture(scope="session")
def redis_server():
    """A real Redis: its `url`, `stop()` and `start()`."""
    server = servers.RedisServer()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def s3():
    """The settings, as variables, of a bucket on a server that speaks S3."""
    with servers.s3() as variables:
        yield variables
