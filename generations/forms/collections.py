"""What people say about collections, and where in one a file is to be."""

from django import forms
from django.core import signing
from django.db import IntegrityError, transaction
from django.db.models import Q

from generations.models import Collection, CollectionItem, Output

TAKEN = "You have a collection of that name already."


class CollectionForm(forms.ModelForm):
    """A collection of `owner`, new or to be described anew."""

    class Meta:
        model = Collection
        fields = ["name", "description", "is_private"]
        widgets = {"description": forms.Textarea(attrs={"rows": 2})}
        error_messages = {
            "name": {"required": "Give it a name.", "max_length": "At most 80 characters."},
            "description": {"max_length": "At most 500 characters."},
        }

    def __init__(self, data=None, *, owner, **options):
        super().__init__(data, **options)
        self.instance.owner = owner

    def clean_name(self):
        name = self.cleaned_data["name"]
        others = Collection.objects.filter(owner=self.instance.owner, name=name, binned_at=None)
        if others.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(TAKEN)
        return name

    def save(self):
        """The collection; None when one of that name was made at the same moment, which the form then says."""
        try:
            with transaction.atomic():
                return super().save()
        except IntegrityError:
            self.add_error("name", TAKEN)
            return None


class ShelfForm(forms.Form):
    """Which collections somebody looks for. What makes no sense is left out."""

    words = forms.CharField(required=False, max_length=200)
    whose = forms.ChoiceField(required=False, choices=[("", "All"), ("mine", "Mine"), ("team", "Team")])
    page = forms.IntegerField(required=False, min_value=1, max_value=1000)

    def __init__(self, data):
        super().__init__(data)
        self.is_valid()
        self.asked = {name: value for name, value in self.cleaned_data.items() if value}

    def filtered(self, collections, user):
        found = collections.with_words(self.asked.get("words", ""))
        if self.asked.get("whose") == "mine":
            return found.filter(owner=user)
        return found.exclude(owner=user) if "whose" in self.asked else found


class MoreForm(forms.Form):
    """How far somebody has come in a collection: the next page, and the place and the pk of the item before it."""

    page = forms.IntegerField(min_value=1)
    place = forms.IntegerField(min_value=-(2**31), max_value=2**31 - 1)
    item = forms.IntegerField(min_value=1, max_value=2**63 - 1)

    def rest(self, files):
        """Those of the files that come after it."""
        place, item = self.cleaned_data["place"], self.cleaned_data["item"]
        return files.filter(Q(place__gt=place) | Q(place=place, item__gt=item))


class MoveForm(forms.Form):
    """A file of a collection, and what it goes before or after, nothing: to the front; `to` says it in a word."""

    file = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    before = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    after = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    to = forms.ChoiceField(required=False, choices=[(word, word) for word in ("first", "earlier", "later", "last")])

    def move(self, collection, user):
        """Do it, among what this person sees. False when there is no such place, or no such file any more."""
        files = collection.files(user)
        moved = files.filter(pk=self.cleaned_data["file"]).first()
        beside = self.beside(files.exclude(pk=moved.pk), moved) if moved else None
        is_after = bool(self.cleaned_data["after"]) or self.cleaned_data["to"] in ("later", "last")
        return bool(beside) and collection.move(moved, beside, is_after)

    def beside(self, others, moved):
        told = self.cleaned_data
        ahead = Q(place__lt=moved.place) | Q(place=moved.place, item__lt=moved.item)
        match told["to"]:
            case "first":
                return others.first()
            case "earlier":
                return others.filter(ahead).last()
            case "later":
                return others.exclude(ahead).first()
            case "last":
                return others.last()
        beside = told["before"] or told["after"]
        return others.filter(pk=beside).first() if beside else others.first()


class UndoForm(forms.Form):
    """What is to be undone in a collection: what went in at a `moment`, or what is `gone`, as `token` told it."""

    KEPT = ("output_id", "position", "added_by_id")
    moment = forms.DateTimeField(required=False)
    gone = forms.CharField(required=False)

    def __init__(self, collection, data):
        super().__init__(data)
        self.collection = collection

    @classmethod
    def token(cls, collection, items):
        """All that has to be known to put these items back, signed for this collection alone."""
        told = [
            {name: getattr(item, name) for name in cls.KEPT} | {"added_at": item.added_at.isoformat()} for item in items
        ]
        return signing.dumps(told, salt=f"gone from collection {collection.pk}", compress=True)

    def clean_gone(self):
        if not (token := self.cleaned_data["gone"]):
            return []
        try:
            told = signing.loads(token, salt=f"gone from collection {self.collection.pk}")
        except signing.BadSignature as error:
            raise forms.ValidationError("Not what we gave out.") from error
        return [CollectionItem(collection=self.collection, **each) for each in told]

    def clean(self):
        if not self.cleaned_data.get("moment") and not self.cleaned_data.get("gone"):
            raise forms.ValidationError("Nothing to undo.")

    def outputs(self, user):
        """The files that it is about."""
        moment, gone = self.cleaned_data["moment"], self.cleaned_data["gone"]
        own = self.collection.items.filter(added_by=user, added_at=moment).values("output")
        return Output.objects.filter(pk__in=own if moment else [item.output_id for item in gone])
