def whole(text):
    """A positive whole number from an address, None for anything else."""
    return int(text) if text and text.isdecimal() and len(text) < 19 and int(text) else None
