"""Save files in a process of its own, and print how far its memory rose above idle, in bytes.

python -m tests.engine.memory PK [PK ...]
"""

import os
import resource
import sys

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "modellix_site.settings"
    import django

    django.setup()
    from generations.engine import save
    from generations.models import Output

    outputs = list(Output.objects.filter(pk__in=sys.argv[1:]).select_related("task__prompt"))
    idle = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for output in outputs:
        save.save(output)
    print(1024 * (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - idle))
