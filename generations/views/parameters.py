"""What was ordered, in plain words."""

from generations.modellix import catalogue, labels, sizes


def parameters(task):
    """(name, label, value) of each parameter that was sent, but for the prompt, which has its own place."""
    sent = ((name, value) for name, value in task.body.items() if name != "prompt")
    return [(name, labels.label(name, task.kind), plain(value)) for name, value in sent]


def provider(task):
    return catalogue.provider_name(task.model_slug.partition("/")[0])


def plain(value):
    """A parameter's value as people read it."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    size = sizes.parse(value)
    return f"{size[0]} × {size[1]}" if size else str(value)  # noqa: RUF001
