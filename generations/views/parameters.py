"""What was ordered, in plain words."""

import json

from generations.modellix import catalogue, labels, schema, sizes
from generations.templatetags.studio import span


def parameters(task):
    """(name, label, value) of each parameter that was sent, but for the prompt, which has its own place."""
    said, prompt = values(task), next((name for name in task.body if labels.role(name) == "prompt"), None)
    return [(name, labels.label(name, task.kind), said[name]) for name in task.body if name != prompt]


def provider(task):
    return catalogue.provider_name(task.model_slug.partition("/")[0])


def values(task):
    """The value of each parameter by its name, as people read it."""
    model = catalogue.find(task.model_slug)
    choices = {field.name: field.choices for field in schema.fields(model)} if model else {}
    return {name: plain(name, value, choices.get(name, ())) for name, value in task.body.items()}


def plain(name, value, choices=()):
    """One value in words: "Yes", "5 s", "1024 × 768", "48 h"; a choice as it was offered in the composer."""  # noqa: RUF002
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if name in labels.IN_SECONDS:
        return span(value)
    if labels.role(name) == "seed" and value == labels.ANY_SEED:
        return "Any"
    if str(value) in choices or labels.role(name) == "duration":
        return _measured(labels.choice(name, str(value)))
    return _measured(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _measured(words):
    size = sizes.parse(words)
    return f"{size[0]} × {size[1]}" if size else words  # noqa: RUF001
