"""Presets: a beginning under a name, made of what the composer holds, and put into it again."""

from django import forms
from django.db import IntegrityError, transaction
from django.forms import ValidationError
from django.http import QueryDict

from generations.forms.composer import ComposerForm
from generations.forms.offer import on_offer
from generations.forms.shared import adapt
from generations.forms.sides import texts
from generations.models import Output, Preset, Upload

PLACE = "{prompt}"  # where in a preset's text what is written goes
TAKEN = "There is a preset of that name already."
COVERS = 8  # pictures to choose from
ENDS = (",", ".", ";", ":", "!", "?", "…", "\n")


class PresetForm(forms.ModelForm):
    """A preset of `owner`: what people call it, and its text. The rest of it comes from the composer."""

    cover = forms.ModelChoiceField(
        Output.objects.none(), required=False, error_messages={"invalid_choice": "This picture is gone."}
    )

    class Meta:
        model = Preset
        fields = ["name", "is_shared", "text", "cover"]
        error_messages = {"name": {"required": "Give it a name.", "max_length": "At most 80 characters."}}

    def __init__(self, data=None, *, owner, **options):
        super().__init__(data, prefix="preset", **options)
        self.instance.owner = owner
        self.fields["cover"].queryset = Output.objects.visible_to(owner).saved().exclude(small="")

    @property
    def covers(self):
        """Pictures to choose from: the one it has, and the last ones of its owner."""
        pictures = self.fields["cover"].queryset
        mine = pictures.filter(task__author=self.instance.owner).order_by("-pk")[:COVERS]
        return list(dict.fromkeys([*pictures.filter(pk=self.instance.cover_id), *mine]))[:COVERS]

    @property
    def models(self):
        return offered(self.instance)

    def clean_name(self):
        name, owner = self.cleaned_data["name"], self.instance.owner
        if Preset.objects.filter(owner=owner, name=name).exclude(pk=self.instance.pk).exists():
            raise ValidationError(TAKEN)
        return name

    def save(self):
        """The preset; None when one of that name was saved at the same moment, which the form then says."""
        try:
            with transaction.atomic():
                preset = super().save()
        except IntegrityError:
            self.add_error("name", TAKEN)
            return None
        if preset.is_shared:
            Upload.objects.filter(pk__in=preset.upload_pks).show()
        return preset


def offered(preset):
    """Its models, as far as they can be ordered."""
    return [model for model in map(on_offer, preset.model_slugs) if model]


def applied(preset, data, author):
    """The composer as a page holds it (`data`), with a preset in it, or with a Prompt. What does not fit is parked."""
    data = data.copy()
    data["prompt"] = merged(preset.text, data.get("prompt", ""))
    models = offered(preset)
    if models:
        data.setlist("model", [model.slug for model in models])
    form = ComposerForm.adapted(data, author)
    kept, parked = adapt(form.models, form.models, texts(preset.values), {})
    files = {name: given for name, given in preset.values.items() if isinstance(given, list) and given}
    form.initial |= {f"with-{name}": value for name, value in (kept | files).items()}
    if preset.values.get("private"):
        form.initial["private"] = "1"
    if collection := preset.values.get("collection"):
        form.initial["collection"] = collection
    if count := preset.values.get("count"):
        form.initial["count"] = count
    form.parked |= {name: value for name, value in parked.items() if name != "count"}
    return form


def recalled(source, author):
    """The composer with what a Prompt asked for, or a Preset holds, and nothing else."""
    return applied(source, QueryDict(), author)


def merged(text, written):
    """A preset's text with what is written in its place, or else after what is written."""
    if PLACE in text:
        return text.replace(PLACE, written).strip()
    if not text or not written:
        return text or written
    return f"{written}{' ' if written.endswith(ENDS) else ', '}{text}"
