"""Emptying the bin: what lay there for thirty days loses its files. The task, its money and its history stay.
Of a collection nothing stays.

The rows are marked first, then the files go, then their names: cut short anywhere, the next run takes it up again.
What is marked is out of everybody's reach, since nothing can be restored that long after.
"""

import logging

from django.core.files.storage import default_storage

from generations.models import Collection, Output

logger = logging.getLogger(__name__)


def empty_bin():
    """How many files of the provider's were removed with all that was made from them."""
    Collection.objects.outlived().delete()
    Output.objects.outlived().update(status=Output.Status.PURGED)
    return sum(remove(output) for output in Output.objects.purged().iterator())


def remove(output):
    """False when the storage does not answer; then its turn comes again."""
    try:
        for name in filter(None, (output.small, output.medium, output.original)):
            default_storage.delete(name)
    except OSError:
        logger.exception("The files of %s could not be removed; the next run tries again.", output)
        return False
    return output.forget_files()
