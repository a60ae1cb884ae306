"""What a parameter means and what people read beside it, whatever a provider calls it."""

import re

ROLES = {
    "prompt": "prompt",
    "text": "prompt",
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
    "further": "Further parameters",
    "negative_prompt": "Negative prompt",
    "aspect": "Aspect ratio",
    "size": "Size",
    "seed": "Seed",
    "resolution": "Resolution",
    "quality": "Quality",
    "duration": "Length in seconds",
}
FURTHER = "further-"  # begins the names of fields that hold what nobody has documented
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
    "text": "Text",
    "thinking_mode": "Think first",
    "tts_content": "Words to speak",
}

INPUT_ROLES = {
    "first_frame": "first_frame",
    "first_frame_image": "first_frame",
    "first_frame_url": "first_frame",
    "img_url": "first_frame",
    "start_image": "first_frame",
    "last_frame": "last_frame",
    "last_frame_image": "last_frame",
    "last_frame_url": "last_frame",
    "lastFrame": "last_frame",
    "image_tail": "last_frame",
    "first_clip": "source",
    "input_video_url": "source",
    "url": "source",
    "video": "source",
    "video_url": "source",
    "mask": "mask",
    "static_mask": "mask",
    "audio_url": "sound",
    "audio_urls": "sound",
    "driving_audio": "sound",
    "sound_file": "sound",
}
INPUT_ROLE_LABELS = {"first_frame": "First frame", "last_frame": "Last frame", "mask": "Mask", "sound": "Sound"}
INPUT_LABELS = {
    "cloth_image": "Garment",
    "human_image": "Person",
    "key_images": "Key frames",
    "reference_face_image_url": "Face",
    "scene_image": "Scene",
    "style_image": "Style",
    "subject_images": "Subjects",
    "subject_reference_images": "Subjects",
}
INPUT_KINDS = {"image": ("Picture", "Pictures"), "video": ("Video", "Videos"), "audio": ("Recording", "Recordings")}

# Descriptions that say no more than the label.
EMPTY_WORDS = {"width*height", "WxH", "seconds", "seconds, sent as a string", "reproducibility seed"}


def role(name):
    """The role of a parameter: a value of ROLES, "further" (schema.further), "" for one with no meaning of its own."""
    return "further" if name.startswith(FURTHER) else ROLES.get(name, "")


def type_label(type):
    """The provider's word for a kind of work, in sentence case: "text-to-image" is "Text to image"."""
    return _capital(type.replace("-", " "))


def label(name, kind):
    """A parameter's label in sentence case; kind is what the model makes."""
    if role(name) == "count":
        return COUNT_LABELS.get(kind, "How many")
    return LABELS.get(name) or ROLE_LABELS.get(role(name)) or _spelled_out(name)


def of(model, name):
    """The label of a catalogue.Model's parameter, of one that takes files too."""
    rule = model.rules.get(name, {})
    if "x-media" in rule:
        return input_label(name, model.type, rule["x-media"], rule.get("type") == "array")
    return label(name, model.kind)


def input_role(name, type, many):
    """What a file given to this parameter is for: a role of inputs.ROLES."""
    if name == "image" and not many:
        return "first_frame" if type == "image-to-video" else "source"
    return INPUT_ROLES.get(name, "reference")


def input_label(name, type, media, many):
    """A file parameter's label; media is "image", "video" or "audio"."""
    named = INPUT_LABELS.get(name) or INPUT_ROLE_LABELS.get(input_role(name, type, many))
    return named or INPUT_KINDS[media][many]


def help_text(description, kind):
    """The catalogue's note on a parameter, unless it only repeats the label; other parameters by their labels."""
    words = re.sub(r"\b[a-z]+_[a-z_]+\b", lambda name: f"“{label(name[0], kind)}”", description)
    return "" if description in EMPTY_WORDS else _capital(words)


def _spelled_out(name):
    return _capital(re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", name).lower())


def _capital(words):
    return words[:1].upper() + words[1:]
