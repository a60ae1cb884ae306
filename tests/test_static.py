"""What every page loads: little, in few files, which browsers keep for good."""

import gzip
import re

import pytest
from django.conf import settings as project
from django.contrib.staticfiles.storage import StaticFilesStorage

from modellix_site.styles import StaticStorage, terse

STATIC = project.BASE_DIR / "static"
MOST_SCRIPT = 15  # kilobytes of our own script on a page, compressed


def kilobytes(paths):
    """As they are sent: without comments, compressed."""
    return sum(len(gzip.compress(terse(path.read_text(), path.suffix).encode())) for path in paths) / 1024


class ScriptTests:
    def test_the_studio_has_most_and_that_is_little(self, client, member):
        client.force_login(member)
        names = set(re.findall(r"js/(\w+)[.\w]*\.js", client.get("/").content.decode()))
        assert {"keys", "toast", "live", "wall", "composer"} <= names
        assert kilobytes(STATIC / f"js/{name}.js" for name in names) <= MOST_SCRIPT
        assert kilobytes((STATIC / "js").rglob("*.js")) <= 1.5 * MOST_SCRIPT

    def test_no_module_asks_for_another(self):
        """Names in modules are not hashed: the other one would not be kept, and comes a round trip later."""
        for path in (STATIC / "js").rglob("*.js"):
            assert not re.search(r"\bimport\b.*[\"'(]", path.read_text()), path


@pytest.fixture
def collect(tmp_path, settings):
    """collect(name="css/studio.css") treats what is under `source` as collectstatic does: the text of that file."""
    settings.WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("css", "js", "woff2")  # which would take most of the time
    source, target = tmp_path / "source", tmp_path / "target"
    for path in [*(STATIC / "css").rglob("*.css"), *(STATIC / "fonts").glob("*.woff2")]:
        copy = source / path.relative_to(STATIC)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())

    def run(name="css/studio.css"):
        sources, storage = StaticFilesStorage(source), StaticStorage(target, "/static/")
        names = [str(path.relative_to(source)) for path in source.rglob("*.*")]
        for each in names:
            if not storage.exists(each):  # collectstatic leaves alone what it copied before
                storage.save(each, sources.open(each))
        for _ in storage.post_process({each: (sources, each) for each in names}):
            pass
        return (target / storage.stored_name(name)).read_text()

    run.source, run.target = source, target
    return run


class StylesTests:
    def test_they_are_collected_into_one_with_all_their_rules_in_order(self, collect):
        one = collect()
        assert "@import" not in one
        names = re.findall(r'@import "([^"]+)"', (STATIC / "css/studio.css").read_text())
        places = [one.index(terse((STATIC / "css" / name).read_text(), ".css")[-120:]) for name in names[1:]]
        assert places == sorted(places)

    def test_what_they_name_is_found(self, collect):
        fonts = re.findall(r'url\("\.\./([^"]+)"\)', collect())
        assert len(fonts) == 2
        assert all((collect.target / font).exists() for font in fonts)

    def test_modules_come_without_their_comments_and_whole_otherwise(self, collect):
        (collect.source / "js").mkdir()
        (collect.source / "js/one.js").write_text("// Why.\nconst one = 1; // one\n  // More.\nlet two = `//\n2`;\n")
        assert collect("js/one.js") == "const one = 1; // one\nlet two = `//\n2`;\n"

    def test_no_text_of_ours_runs_over_lines_that_lose_what_indents_them(self):
        lines = [line for path in (STATIC / "js").glob("*.js") for line in path.read_text().splitlines()]
        assert not [line for line in lines if line.count("`") % 2]

    def test_sheets_come_without_their_comments_and_whole_otherwise(self, collect):
        (collect.source / "css/one.css").write_text("/* Why,\n   how. */\na {\n  b: c; /* d */\n}\n  /* e */\nf { }\n")
        assert collect("css/one.css") == "a {\nb: c; }\nf { }\n"

    def test_a_change_in_one_of_them_arrives(self, collect):
        collect()
        component = collect.source / "css/components/button.css"
        component.write_text(component.read_text() + ".changed { color: red; }")
        assert ".changed" in collect()
