"""What generations are found by.

The words stand here as our own code splits them (generations/words.py), and the database keeps its index of them by
itself: SQLite an FTS5 table that triggers fill, PostgreSQL a generated tsvector under a GIN index (migration
0019_task_words). So whoever copies or restores rows need not think of it.

Measured at 100,000 generations: a word that everybody wrote is found in 10 to 20 ms, one that nobody wrote in no
time. A trigram index was ten times as large and finds nothing under three characters, which is most Chinese and
Japanese words; PostgreSQL's own needs an extension that not every server has.
"""

from django.db import connection, models
from django.db.models.expressions import RawSQL

from generations.words import indexed, sought

# By vendor: who matches, how a word is looked for by its beginning, what stands between two words
MATCHING = {
    "sqlite": ("SELECT rowid FROM generations_search WHERE generations_search MATCH %s", '"{}"*', " "),
    "postgresql": ("SELECT task_id FROM generations_taskwords WHERE vector @@ %s::tsquery", "'{}':*", " & "),
}


class TaskWords(models.Model):
    """The words of a generation: of its prompt and its model, sorted, with a space between them. They never change."""

    task = models.OneToOneField("Task", models.CASCADE, primary_key=True, related_name="words")
    words = models.TextField()

    def __str__(self):
        return f"words of task {self.task_id}"

    @classmethod
    def of(cls, task):
        words = indexed(f"{task.prompt.text} {task.model_name} {task.model_slug}")
        return cls(task_id=task.pk, words=" ".join(words))


def found_by(text):
    """The pks of the tasks that have a word beginning with each that is looked for, as an expression; None when there
    is nothing to look for. What people type never becomes syntax: words are letters, digits and signs alone.
    """
    words = sought(text)
    sql, beginning, between = MATCHING[connection.vendor]
    looked_for = between.join(beginning.format(word) for word in words)
    return RawSQL(sql, [looked_for]) if words else None  # noqa: S611 (one of the two above; the words are a parameter)
