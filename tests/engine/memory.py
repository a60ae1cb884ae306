"""Save files in a process of its own, and print how far its memory rose above idle, in bytes. Linux only.

python -m tests.engine.memory PK [PK ...]
"""

import os
import re
import sys
from pathlib import Path


def most_memory():
    """Of this process since it began, in bytes. (What getrusage tells begins with the memory of the parent.)"""
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) * 1024


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "modellix_site.settings"
    import django

    django.setup()
    from generations.engine import save
    from generations.models import Output

    outputs = list(Output.objects.filter(pk__in=sys.argv[1:]).select_related("task__prompt"))
    idle = most_memory()
    for output in outputs:
        save.save(output)
    print(most_memory() - idle)
