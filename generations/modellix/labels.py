"""What a parameter means and what people read beside it, whatever a provider calls it."""

import re

ROLES = {
    "prompt": "prompt",
    "negative_prompt": "negative_prompt",
    "negativePrompt": "negative_prompt",
    "aspect_ratio": "aspect",
    "aspectRatio": "aspect",
    "ratio": "aspect",
    "size": "size",
    "n": "count",
    "sampleCount": "count",
    "seed": "seed",
    "resolution": "resolution",
    "imageSize": "resolution",
    "quality": "quality",
    "duration": "duration",
    "durationSeconds": "duration",
}

ROLE_LABELS = {
    "prompt": "Prompt",
    "negative_prompt": "Negative prompt",
    "aspect": "Aspect ratio",
    "size": "Size",
    "seed": "Seed",
    "resolution": "Resolution",
    "quality": "Quality",
    "duration": "Length in seconds",
}
COUNT_LABELS = {"image": "Images", "video": "Videos", "audio": "Recordings", "text": "Texts"}
LABELS = {
    "audio": "Sound",
    "cfg_scale": "Closeness to the prompt",
    "enable_sequential": "Series of related images",
    "generate_audio": "Sound",
    "guidance_scale": "Closeness to the prompt",
    "optimize_prompt_mode": "Prompt rewriting",
    "output_format": "File format",
    "personGeneration": "People",
    "prompt_extend": "Rewrite the prompt",
    "prompt_optimizer": "Rewrite the prompt",
    "sequential_image_generation": "Series of related images",
    "sequential_image_generation_max_images": "Most images in a series",
    "thinking_mode": "Think first",
}

# Descriptions that say no more than the label.
EMPTY_WORDS = {"width*height", "WxH", "seconds", "seconds, sent as a string", "reproducibility seed"}


def role(name):
    """The role of a parameter: a value of ROLES, "" for one with no meaning of its own."""
    return ROLES.get(name, "")


def label(name, kind):
    """A parameter's label in sentence case; kind is what the model makes."""
    if role(name) == "count":
        return COUNT_LABELS.get(kind, "How many")
    return ROLE_LABELS.get(role(name)) or LABELS.get(name) or _spelled_out(name)


def help_text(description, kind):
    """The catalogue's note on a parameter, unless it only repeats the label; other parameters by their labels."""
    words = re.sub(r"\b[a-z]+_[a-z_]+\b", lambda name: f"“{label(name[0], kind)}”", description)
    return "" if description in EMPTY_WORDS else _capital(words)


def _spelled_out(name):
    return _capital(re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", name).lower())


def _capital(words):
    return words[:1].upper() + words[1:]
