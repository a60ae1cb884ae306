"""Saved files in a bucket: private, read no further than asked, and failing as files do."""

import io
import os

import pytest
from django.core.files.base import ContentFile

from generations.data_dir import free_port
from generations.media.bucket import STRETCH, Bucket

FILM = os.urandom(3 * STRETCH + 1000)


def options(variables, **others):
    names = {
        "bucket_name": "S3_BUCKET",
        "endpoint_url": "S3_ENDPOINT_URL",
        "region_name": "S3_REGION",
        "access_key": "S3_ACCESS_KEY_ID",
        "secret_key": "S3_SECRET_ACCESS_KEY",
    }
    return {name: variables[variable] for name, variable in names.items()} | others


@pytest.fixture
def bucket(s3):
    return Bucket(**options(s3))


@pytest.fixture
def film(bucket):
    """The name of an object of a little more than three stretches."""
    yield bucket.save("g/film.mp4", ContentFile(FILM))
    bucket.delete("g/film.mp4")


@pytest.fixture
def fetched(bucket):
    """The ranges of bytes asked of the server, in the order of asking."""
    asked = []
    events = bucket.connection.meta.client.meta.events
    events.register("before-call.s3.GetObject", lambda params, **_: asked.append(params["headers"]["Range"]))
    return asked


def test_what_is_stored_comes_back_under_just_its_name(bucket, film):
    assert film == "g/film.mp4"
    assert bucket.exists(film)
    assert bucket.size(film) == len(FILM)
    with bucket.open(film) as file:
        assert (file.size, file.read()) == (len(FILM), FILM)


def test_storing_again_replaces(bucket, film):
    assert bucket.save(film, ContentFile(b"shorter")) == film
    assert bucket.size(film) == 7


def test_a_few_bytes_of_a_film_do_not_bring_all_of_it(bucket, film, fetched):
    with bucket.open(film) as file:
        file.seek(2 * STRETCH)
        assert file.read(10) == FILM[2 * STRETCH : 2 * STRETCH + 10]
        file.seek(-5, io.SEEK_END)
        assert file.read() == FILM[-5:]
        assert file.read() == b""
    end = len(FILM) - 1
    assert fetched == [f"bytes={2 * STRETCH}-{3 * STRETCH - 1}", f"bytes={end - 4}-{end}"]


def test_opening_alone_fetches_nothing(bucket, film, fetched):
    bucket.open(film).close()
    assert fetched == []


def test_an_object_belongs_to_its_owner_alone_and_has_no_address(bucket, film):
    acl = bucket.connection.meta.client.get_object_acl(Bucket="pictures", Key=film)
    assert [grant["Permission"] for grant in acl["Grants"]] == ["FULL_CONTROL"]
    assert "URI" not in acl["Grants"][0]["Grantee"]
    with pytest.raises(ValueError, match="private"):
        bucket.url(film)


def test_what_is_not_there_is_a_file_not_found(bucket):
    assert bucket.exists("g/nothing.png") is False
    with pytest.raises(FileNotFoundError):
        bucket.open("g/nothing.png")


@pytest.mark.parametrize("act", ["open", "exists", "size", "delete"])
def test_a_server_that_is_away_is_an_error_of_the_system(s3, act):
    away = Bucket(**options(s3, endpoint_url=f"http://127.0.0.1:{free_port(0)}"))
    with pytest.raises(OSError, match="cannot be reached: EndpointConnectionError"):
        getattr(away, act)("g/film.mp4")
    with pytest.raises(OSError, match="cannot be reached"):
        away.save("g/film.mp4", ContentFile(FILM))


def test_a_refusal_is_an_error_of_the_system(s3):
    with pytest.raises(OSError, match="refused: NoSuchBucket"):
        Bucket(**options(s3, bucket_name="no-such-bucket")).save("g/film.mp4", ContentFile(FILM))
