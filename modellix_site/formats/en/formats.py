"""How the admin writes times. Django prefers a language's own formats to the settings of the same names."""

DATETIME_FORMAT = "j M Y, H:i:s"  # where seconds tell
