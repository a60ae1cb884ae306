from django import forms


class CheckForm(forms.Form):
    """An id at Modellix that a person found for an unclear order."""

    provider_task_id = forms.RegexField(
        r"^[A-Za-z0-9._~:/+@=-]{1,512}$",
        label="Task id at Modellix",
        strip=True,
        error_messages={
            "required": "Paste the task id from the Modellix console first.",
            "invalid": "That is no task id: it has letters, digits and . _ ~ : / + @ = - only.",
        },
    )
