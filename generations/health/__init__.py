"""Whether the studio is well: one reading of the figures, and what the page, the metrics and the command make of it."""
