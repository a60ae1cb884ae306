"""An order as text to take away: the request as JSON, for cURL, for the official command line. Never with a key."""

import json
from dataclasses import dataclass
from shlex import quote
from urllib.parse import quote as escaped

from django.conf import settings

from generations.models import Task


@dataclass(frozen=True)
class Recipe:
    """The same order in three languages. Where it takes files, their names stand in angle brackets."""

    task: Task
    given: list  # (parameter, uploads), as Task.inputs has them

    @property
    def body(self):
        named = {name: [f"<{upload.name}>" for upload in uploads] for name, uploads in self.given}
        single = {name: names[0] for name, names in named.items() if not isinstance(self.task.inputs[name], list)}
        return self.task.body | named | single

    @property
    def json(self):
        return json.dumps(self.body, ensure_ascii=False, indent=2)

    @property
    def curl(self):
        lines = (
            f"curl {quote(self.address)}",
            '  -H "Authorization: Bearer $MODELLIX_API_KEY"',
            '  -H "Content-Type: application/json"',
            f"  -d {quote(self.line)}",
        )
        return " \\\n".join(lines)

    @property
    def command(self):
        return f"modellix-cli model run --model-slug {quote(self.task.model_slug)} \\\n  --body {quote(self.line)}"

    @property
    def line(self):
        return json.dumps(self.body, ensure_ascii=False)

    @property
    def address(self):
        return f"{settings.MODELLIX_BASE_URL}/api/v1/{escaped(self.task.model_slug)}"
