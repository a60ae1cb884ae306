"""Browsers as people know them, from what they say of themselves, in which many name each other: hence the order."""

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def named(words):
    """The browser and its system, as far as the User-Agent tells."""
    browser, system = first(BROWSERS, words) or "A browser", first(SYSTEMS, words)
    return f"{browser} on {system}" if system else browser


def is_handheld(words):
    return any(name in words for name in ("iPhone", "iPad", "Android"))


def first(names, words):
    return next((name for sign, name in names if sign in words), "")
