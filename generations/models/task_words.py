"""What generations are found by.

The words stand here as our own code splits them (generations/words.py), and the database keeps its index of them by
itself: SQLite an FTS5 table that triggers fill, PostgreSQL a generated tsvector under a GIN index (migration
0019_task_words). So whoever copies or restores rows need not think of it.

Measured at 100,000 generations: a word that hardly anybody wrote is found in the index in no time. One that everybody
wrote is there a hundred thousand times, which takes 20 ms to read (SQLite) and misleads the planner (PostgreSQL guesses
that any beginning of a word is on every fiftieth row); so it is not looked for there, but in the words of one
generation after the other, newest first, until a page is full: 1 ms. Which way is taken, the newest tell.

A trigram index was ten times as large and finds nothing under three characters, which is most Chinese and Japanese
words; PostgreSQL's own needs an extension that not every server has.
"""

from django.db import connection, models
from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, Subquery, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Concat, StrIndex

from generations.words import indexed, sought

# By vendor: who matches, how a word is looked for by its beginning, what stands between two words
MATCHING = {
    "sqlite": ("SELECT rowid FROM generations_search WHERE generations_search MATCH %s", '"{}"*', " "),
    "postgresql": ("ARRAY(SELECT task_id FROM generations_taskwords WHERE vector @@ %s::tsquery)", "'{}':*", " & "),
}
SAMPLE, COMMON = 256, 32  # of so many of the newest, so many have a common word


class TaskWordsQuerySet(models.QuerySet):
    def beginning_with(self, words):
        """Those that have a word beginning with each of these, read one by one."""
        found = self.annotate(spaced=Concat(Value(" "), "words"))
        for word in words:
            found = found.alias(place=StrIndex("spaced", Value(f" {word}"))).filter(place__gt=0)
        return found


class TaskWords(models.Model):
    """The words of a generation: of its prompt and its model, sorted, with a space between them. They never change."""

    task = models.OneToOneField("Task", models.CASCADE, primary_key=True, related_name="words")
    words = models.TextField()

    objects = TaskWordsQuerySet.as_manager()

    def __str__(self):
        return f"words of task {self.task_id}"

    @classmethod
    def of(cls, task):
        words = indexed(f"{task.prompt.text} {task.model_name} {task.model_slug}")
        return cls(task_id=task.pk, words=" ".join(words))


def found_by(text):
    """A condition on tasks: they have a word beginning with each that is looked for. Asks how common these are."""
    words = sought(text)
    if not words:
        return Q(pk__in=[])
    if are_common(words):
        return Q(Exists(TaskWords.objects.filter(task=OuterRef("pk")).beginning_with(words)))
    return in_index(words)


def are_common(words):
    newest = TaskWords.objects.order_by("-pk").values("pk")[:SAMPLE]
    return TaskWords.objects.filter(pk__in=newest).beginning_with(words).count() >= COMMON


def in_index(words):
    """What people type never becomes syntax here: words are letters, digits and signs alone, and a parameter."""
    sql, beginning, between = MATCHING[connection.vendor]
    found = RawSQL(sql, [between.join(beginning.format(word) for word in words)])  # noqa: S611 (one of the two above)
    return Q(pk__in=found) if connection.vendor == "sqlite" else in_array(found)


def in_all(found):
    """A condition on tasks: their pks are in each of these querysets."""
    first, *others = found
    if not others:
        return Q(pk__in=first)
    both = first.intersection(*others)
    return Q(pk__in=both) if connection.vendor == "sqlite" else in_array(Subquery(both, template="ARRAY(%(subquery)s)"))


def in_array(found):
    """For PostgreSQL: its planner believes in few rows then, and does not walk through all for the newest of them."""
    return Q(Func(F("pk"), found, template="%(expressions)s)", arg_joiner=" = ANY (", output_field=BooleanField()))
