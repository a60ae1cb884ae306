"""What somebody looks for on the wall, as an address tells it."""

from datetime import date, datetime, time, timedelta
from functools import cached_property
from urllib.parse import parse_qsl, urlencode

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q
from django.utils.timezone import make_aware

from generations.models import Collection, CollectionItem, Favourite, Rating, Tag, Tagging, Task
from generations.models.task_words import found_by, in_all

STATUSES = {  # what is called one state in the filter → the states it stands for
    "open": Task.UNFINISHED,
    "done": (Task.Status.DONE, Task.Status.PARTIAL),
    "unknown": (Task.Status.UNKNOWN,),
    "failed": (Task.Status.FAILED,),
    "expired": (Task.Status.EXPIRED,),
    "cancelled": (Task.Status.CANCELLED,),
}
LISTED = ("favourite", "rating", "tag")  # these give lists of tasks: who asks for two may find hardly any
DATES = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2999, 12, 31))]


class Several(forms.Field):
    """A parameter that may be there more than once: its texts in order, each once. With `known`, only those of it."""

    widget = forms.MultipleHiddenInput
    MOST = 50
    LONGEST = 256  # characters

    def __init__(self, known=None):
        self.known = known
        super().__init__(required=False)

    def to_python(self, texts):
        texts = dict.fromkeys(text for text in texts or [] if text and len(text) <= self.LONGEST and "\0" not in text)
        return [text for text in texts if self.known is None or text in self.known][: self.MOST]


class FeedForm(forms.Form):
    """The filters of the feed. Of an address that holds nonsense the rest still counts.

    Values of one filter widen it, different filters narrow each other. `person` takes pks and the word `me`, `tag`
    takes names and `collection` pks.
    """

    q = forms.CharField(required=False, max_length=200)
    kind = Several(Task.Kind.values)
    type = Several()
    provider = Several()
    model = Several()
    person = Several()
    status = Several(STATUSES)
    favourite = forms.BooleanField(required=False)
    tag = Several()
    collection = Several()
    visibility = Several(["private"])
    rating = forms.TypedChoiceField(required=False, coerce=int, choices=[(n, n) for n in range(1, 6)], empty_value=None)
    since = forms.DateField(required=False, input_formats=["%Y-%m-%d"], validators=DATES)
    until = forms.DateField(required=False, input_formats=["%Y-%m-%d"], validators=DATES)

    @cached_property
    def asked(self):
        """What is looked for: name of the filter → value, without those that are empty or make no sense."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def query(self):
        """The same as part of an address: always in one order, and empty when nothing is looked for."""
        return encoded(self.asked)

    @property
    def fields_of_query(self):
        """The same as (name, text) of the inputs of a form."""
        return parse_qsl(self.query)

    def without(self, name, value=None):
        """The query without this filter, or without one of its values."""
        values = self.asked.get(name)
        return self.having(
            name, [each for each in values if each != value] if value and isinstance(values, list) else []
        )

    def having(self, name, value):
        """The query with this value for a filter, whatever it had."""
        return encoded({each: (self.asked | {name: value}).get(each) or [] for each in self.fields})

    def filtered(self, tasks, user, but_for=()):
        """Those of the tasks that are looked for; `but_for` names filters that do not count."""
        asked = {name: value for name, value in self.asked.items() if name not in but_for}
        found = {name: getattr(self, f"by_{name}")(value, user) for name, value in asked.items()}
        lists = [found.pop(name) for name in LISTED if name in found]
        return tasks.filter(*found.values(), *([in_all(lists)] if lists else []))

    @cached_property
    def worded(self):
        return found_by(self.asked.get("q", ""))

    @cached_property
    def numbered(self):
        """The pks of the tasks whose number is looked for: asked once, and only for what has a digit in it."""
        text = self.asked.get("q", "").strip()
        return tasks_numbered(text) if any(map(str.isdigit, text)) else []

    def by_q(self, text, user):
        """Its words begin with these; or the text is the number of a task, ours or the provider's."""
        return self.worded | Q(pk__in=self.numbered) if self.numbered else self.worded

    def by_kind(self, kinds, user):
        return Q(kind__in=kinds)

    def by_type(self, types, user):
        return Q(model_type__in=types)

    def by_provider(self, providers, user):
        return any_of(Q(model_slug__startswith=f"{provider}/") for provider in providers)

    def by_model(self, slugs, user):
        return Q(model_slug__in=slugs)

    def by_person(self, people, user):
        pks = [user.pk if person == "me" else int(person) for person in people if person == "me" or is_pk(person)]
        return Q(author__in=pks)

    def by_status(self, names, user):
        wanted = {status for name in names for status in STATUSES[name]}
        if Task.Status.DONE not in wanted:
            return Q(status__in=wanted)
        # Nearly all of them. By their state SQLite would fetch every one, to sort them and keep a page
        return ~Q(status__in=set(Task.Status) - wanted)

    def by_favourite(self, _, user):
        return Favourite.objects.filter(person=user).values("task")

    def by_rating(self, stars, user):
        """Somebody of the team gave one of its files at least so many stars."""
        return Rating.objects.filter(stars__gte=stars).values("task")

    def by_tag(self, names, user):
        return Tagging.objects.filter(tag__in=self.tags).values("task")

    @cached_property
    def tags(self):
        """The pks of the tags that are looked for: asked once."""
        return Tag.objects.pks_of(self.asked.get("tag", []))

    def by_collection(self, pks, user):
        collections = Collection.objects.visible_to(user).filter(pk__in=filter(is_pk, pks))
        return Q(pk__in=CollectionItem.objects.filter(collection__in=collections).order_by().values("output__task"))

    def by_visibility(self, _, user):
        """What only its author and admins see."""
        return Q(is_private=True)

    def by_since(self, day, user):
        return Q(created_at__gte=start(day))

    def by_until(self, day, user):
        return Q(created_at__lt=start(day + timedelta(days=1)))


def tasks_numbered(word):
    """The pks of the tasks with this number, ours ("#12", "12") or the provider's."""
    same = Q(provider_task_id=word)
    if is_pk(number := word.removeprefix("#")):
        same |= Q(pk=int(number))
    return list(Task.objects.filter(same).values_list("pk", flat=True))


def is_pk(text):
    return text.isdecimal() and len(text) < 19


def any_of(conditions):
    return Q(*conditions, _connector=Q.OR)


def start(day):
    return make_aware(datetime.combine(day, time.min))


def encoded(asked):
    told = {name: 1 if value is True else value for name, value in asked.items()}
    return urlencode(told, doseq=True)
