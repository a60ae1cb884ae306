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
    "duration": "Length",
}
FURTHER = "further-"  # begins the names of fields that hold what nobody has documented
COUNT_LABELS = {"image": "Images", "video": "Videos", "audio": "Recordings", "text": "Texts"}
LABELS = {
    "audio": "Sound",
    "audio_id": "Number of a recording",
    "audio_setting": "Sound",
    "camera_fixed": "Fixed camera",
    "cfg_scale": "Closeness to the prompt",
    "down_expansion_ratio": "Growth below",
    "dynamic_masks": "Moving parts",
    "effect_scene": "Effect",
    "element_ids": "Elements",
    "enable_interleave": "Words and pictures mixed",
    "enable_sequential": "Series of related images",
    "execution_expires_after": "Give up after",
    "fast_pretreatment": "Rewrite it quickly",
    "function": "What to do",
    "generate_audio": "Sound",
    "guidance_scale": "Closeness to the prompt",
    "human_fidelity": "Closeness to the person",
    "image_fidelity": "Closeness to the picture",
    "image_reference": "What to keep",
    "input_fidelity": "Closeness to the pictures",
    "language_hint": "Language",
    "left_expansion_ratio": "Growth on the left",
    "max_images": "Most images",
    "model": "Voice model",
    "multi_shot": "Several shots",
    "optimize_prompt_mode": "Prompt rewriting",
    "output_format": "File format",
    "personGeneration": "People",
    "prompt_extend": "Rewrite the prompt",
    "prompt_optimizer": "Rewrite the prompt",
    "result_type": "Result",
    "return_last_frame": "Last frame as a picture",
    "right_expansion_ratio": "Growth on the right",
    "sequential_image_generation": "Series of related images",
    "sequential_image_generation_max_images": "Most images in a series",
    "series_amount": "Images in the series",
    "service_tier": "Service",
    "shot_type": "Shots",
    "speaker_id": "Speaker",
    "subject_reference": "Subjects",
    "text": "Text",
    "thinking_mode": "Think first",
    "tts_content": "Words to speak",
    "up_expansion_ratio": "Growth above",
    "videoMimeType": "Format of the video",
    "voice_ids": "Voices",
}

# Choices whose own word says too little; others are spelled out ("love_story" is "Love story").
CHOICES = {
    "": "Auto",
    "adaptive": "To fit",
    "allow_adult": "Adults only",
    "allow_all": "Everybody",
    "default": "Standard",
    "disabled": "Off",
    "dont_allow": "Nobody",
    "false": "Off",
    "intelligence": "As the model sees fit",
    "jpeg": "JPEG",
    "native": "On",
    "origin": "Of the source",
    "png": "PNG",
    "std": "Standard",
    "true": "On",
    "wan-pro": "Pro",
    "wan-std": "Standard",
}

ANY_SEED = -1
IN_SECONDS = ("execution_expires_after",)  # besides those with the role of a duration

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

# The catalogue's notes on parameters as people read them, where its own words are not for them: "" says nothing.
HELP = {
    "-1 means random": "-1 stands for any",
    "1-4 (default 4) normally; 1-12 (default 12) when enable_sequential is true": "",
    "5 or 10 per the index": "5 or 10",
    "cap in interleave mode": "Only with “Words and pictures mixed”",
    "docs page says 2000, the newer schema 10000": "",
    "at most 10 when video is also sent": "At most 10 beside a video",
    "exclusive with image and lastFrame": "Not together with frames",
    "field name from a vendor blog sample": "",
    "from a TTS call within 30 days": "Of speech made in the last 30 days",
    "from the official canvas client": "",
    "from the official canvas client, not on the docs page": "",
    "has type and config": "With type and config",
    "http or https only": "",
    "keep under about 600 words; an older page capped it at 600 characters": "Best under about 600 words",
    "may point at inputs as [Image 1], [Video 1], [Audio 1]": "Your files are called [Image 1], [Video 1], [Audio 1]",
    "only with image_reference=subject": "Only where the subject is kept",
    "only with prompt_optimizer": "Only with “Rewrite the prompt”",
    "only without enable_sequential; slower": "Slower. Only without “Series of related images”",
    "preset name": "Name of a preset",
    "reproducibility seed": "",
    "reproducibility seed; -1 means random": "-1 stands for any",
    "rewrites the prompt; adds roughly 3-4 s": "Takes 3 to 4 seconds more",
    "seconds": "",
    "seconds the upstream job may live": "Seconds",
    "seconds, sent as a string": "",
    "seconds; 0 keeps the source length": "",
    "seen lower-case, 480p": "Such as 480p",
    "seen: 16:9": "",
    "seen: std": "Such as std",
    "transparent needs png or webp output": "Transparent needs PNG or WebP",
    "wins over width/height": "",
}
# Where the catalogue says nothing.
HELP_BY_NAME = {
    "camera_fixed": "It neither moves nor turns",
    "down_expansion_ratio": "Share of the height",
    "frames": "Instead of a length",
    "language_hint": "Such as en",
    "left_expansion_ratio": "Share of the width",
    "return_last_frame": "To go on from",
    "right_expansion_ratio": "Share of the width",
    "subject_reference": 'A list of objects such as {"type": "character", "image_file": "{{file 1}}"}',
    "up_expansion_ratio": "Share of the height",
    "voice": "Its name at Modellix",
}


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


def help_text(name, description, kind):
    """What people should know of a parameter besides its label; other parameters by their labels."""
    if role(name) == "size":
        return ""
    return in_labels(HELP.get(description, description) or HELP_BY_NAME.get(name, ""), kind)


def in_labels(words, kind):
    """Words about parameters with the labels in place of their names, as a sentence without an end."""
    return _capital(re.sub(r"\b[a-z]+_[a-z_]+\b", lambda name: f"“{label(name[0], kind)}”", words))


def choice(name, value):
    """One choice of a parameter as people read it: "5 s", "Standard", "1080p"."""
    if role(name) == "duration" and value == "-1":
        return "As the model sees fit"
    if role(name) == "duration" and value.isdecimal():
        return f"{value} s" if int(value) else "As the source"
    if value in CHOICES or any(letter.isdecimal() for letter in value):
        return CHOICES.get(value, value)
    return _spelled_out(value)


def _spelled_out(name):
    return _capital(re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", name).lower())


def _capital(words):
    return words[:1].upper() + words[1:]
