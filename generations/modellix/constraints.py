"""Rules that a catalogue tells in prose: those that can be read soundly as checks, the others as notes for people.

Each is known by its exact words, of a model's constraints or of a parameter's description. Words that change are no
longer checked, but shown, until somebody has read them again: a wrong refusal would be worse than the provider's own.
"""

from generations.modellix import labels


def problems(model, body):
    """(name, sentence) for what goes against the rules. Files are in the body, or something in their place."""
    chosen = model.defaults | body
    for words in _prose(model):
        for rule in CHECKED.get(words, ()):
            for name, sentence in rule(chosen):
                yield name, sentence.format_map(_Labels(model))


def most_outputs(model, body):
    """The most that one request with such a body may ask for; None where nothing depends on the body."""
    chosen = model.defaults | body
    limits = (LIMITS[words] for words in _prose(model) if words in LIMITS)
    return next((most for switch, most in limits if not chosen.get(switch)), None)


def notes(model):
    """What people should know of a model and nothing checks for them, a sentence each."""
    about = [] if model.is_complete else [PARTLY if model.parameters else NOTHING]
    unread = [words for words in model.constraints if words not in CHECKED.keys() | SEEN_TO]
    told = [TOLD.get(words) or labels.in_labels(words, model.kind) for words in unread]
    remarks = [REMARKS[model.notes]] if model.notes in REMARKS else []
    return [f"{words}." for words in (*about, *told, *remarks)]


PARTLY = "Not all of its parameters are known: others can be given as further parameters"
NOTHING = "Its parameters are not known: your words are sent as its prompt, all else as you write it"


class _Labels(dict):
    """{name} in a sentence is the label of that parameter."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def __missing__(self, name):
        return f"“{labels.of(self.model, name)}”"


def _prose(model):
    return (*model.constraints, *(rule["description"] for rule in model.rules.values() if "description" in rule))


# What a rule can be: a function of what is chosen that gives (name, sentence) for each parameter at fault


def apart(*groups):
    """Of these groups of names only one may be used: who uses a later one too is told to leave it out."""

    def rule(chosen):
        used = [[name for name in group if chosen.get(name)] for group in groups]
        first, *others = [group for group in used if group] or [()]
        for group in others:
            for name in group:
                yield name, f"Not together with {{{first[0]}}}: leave one of them out."

    return rule


def together(*names):
    """Who uses one of these has to use them all."""

    def rule(chosen):
        missing = [name for name in names if not chosen.get(name)]
        if 0 < len(missing) < len(names):
            used = next(name for name in names if chosen.get(name))
            for name in missing:
                yield name, f"This goes together with {{{used}}}."

    return rule


def needs(name, other):
    """`name` is of use only beside `other`."""

    def rule(chosen):
        if chosen.get(name) and not chosen.get(other):
            yield other, f"{{{name}}} needs this too."

    return rule


def at_most(number, *names, beside=""):
    """That many files or lines in all of these lists; with `beside`, only where that is used too."""

    def rule(chosen):
        found = {name: len(value) for name in names if isinstance(value := chosen.get(name), list)}
        if sum(found.values()) > number and (not beside or chosen.get(beside)):
            with_others = f" together with {{{beside}}}" if beside else " in all" if len(names) > 1 else ""
            yield [*found][-1], f"At most {number}{with_others}; these are {sum(found.values())}."

    return rule


def only_with(name, values, other, allowed, sentence):
    """Where `name` has one of the values, `other` has to be `allowed`, if it is told at all."""

    def rule(chosen):
        if chosen.get(name) in values and other in chosen and chosen[other] != allowed:
            yield other, sentence

    return rule


def last_frame_of_eight(chosen):
    if chosen.get("lastFrame") and chosen.get("durationSeconds", "8") != "8":
        yield "durationSeconds", "With {lastFrame} it has to be 8 s."


def interleaved(chosen):
    images, is_mixed = chosen.get("images"), chosen.get("enable_interleave") is True
    number = len(images) if isinstance(images, list) else 0
    if is_mixed and number > 1:
        yield "images", f"At most 1 with {{enable_interleave}}; these are {number}."
    if not is_mixed and not number:
        yield "images", "At least one is needed, unless {enable_interleave} is on."


def count_of_a_series(chosen):
    if isinstance(chosen.get("n"), int) and chosen["n"] > 4 and chosen.get("enable_sequential") is not True:
        yield "n", "At most 4 without {enable_sequential}."


def spoken(chosen):
    if not any(chosen.get(name) for name in ("audio_url", "speaker_id", "tts_content")):
        yield "audio_url", "Either this is needed, or {speaker_id} and {tts_content}."


# Prose → its rules. Only what is certain: "only with prompt_optimizer" may as well mean that it does nothing without.

FRAMES_OR_REFERENCES = "first_frame_image/last_frame_image cannot be combined with reference_images"
CHECKED = {
    "enable_interleave=true takes 0-1 input images; enable_interleave=false needs 1-4": [interleaved],
    "allowed media sets: first_frame; first_frame+last_frame; first_frame+driving_audio; "
    "first_frame+last_frame+driving_audio; first_clip; first_clip+last_frame": [
        apart(["first_frame"], ["first_clip"]),
        apart(["first_clip"], ["driving_audio"]),
    ],
    "reference images plus reference videos: at most 5 together": [at_most(5, "reference_images", "reference_videos")],
    FRAMES_OR_REFERENCES: [apart(["first_frame_image", "last_frame_image"], ["reference_images"])],
    "image_tail and the mask are mutually exclusive": [apart(["image_tail"], ["static_mask"])],
    "with videos: exactly one; mode, aspect_ratio and duration belong to calls without videos": [
        apart(["videos"], ["mode", "aspect_ratio", "duration"])
    ],
    "exactly one of audio_id, sound_file": [apart(["sound_file"], ["audio_id"])],
    "duration 10 works only with 768P; 1080P only with 6 s (one price table nevertheless shows a 10 s/1080P cell)": [
        only_with("resolution", ["1080P"], "duration", 6, "With 1080P it has to be 6 s.")
    ],
    "1080p and 4k need durationSeconds 8": [
        only_with("resolution", ["1080p", "4k"], "durationSeconds", "8", "With 1080p and 4k it has to be 8 s.")
    ],
    "image mode or referenceImages mode, never both": [apart(["image", "lastFrame"], ["referenceImages"])],
    "lastFrame needs image and durationSeconds 8": [needs("lastFrame", "image"), last_frame_of_eight],
    "negativePrompt only in image mode": [apart(["referenceImages"], ["negativePrompt"])],
    "either audio_url, or speaker_id together with tts_content; never both, never neither": [
        spoken,
        together("speaker_id", "tts_content"),
        apart(["audio_url"], ["speaker_id", "tts_content"]),
    ],
    "at most 10 when video is also sent": [at_most(10, "image", beside="video")],
    "images plus elements at most 10": [at_most(10, "images", "element_ids")],
    "1-4 (default 4) normally; 1-12 (default 12) when enable_sequential is true": [count_of_a_series],
}
LIMITS = {"1-4 (default 4) normally; 1-12 (default 12) when enable_sequential is true": ("enable_sequential", 4)}

# Prose that people need not read: the schema says it too, or we send accordingly.
SEEN_TO = {
    "n defaults to 4, so an omitted n buys four images",
    "n drives cost; the default depends on enable_sequential",
    "at least one of first_frame_image, last_frame_image",
    "no image, video or audio fields",
    "at least one of prompt, subject_images, scene_image, style_image; negative_prompt, resolution, image and fidelity "
    "fields are refused",
    "base64 must not carry a data: prefix",
    "at least one of image, video",
    "width and height go together",
}

# Prose in better words; and of the catalogue's remarks for those who keep it, the ones that help people.
TOLD = {"with auto, each extra image is presumably billed": "Each image of a series is probably charged"}
REMARKS = {
    "Field names known, ranges not.": "The limits of its parameters are not known",
    "Its page states results stay for 30 days.": "Modellix says that it keeps its results for 30 days",
    "Known only: 1-7 reference images, each a URL with optional type (subject or background) and ref_name, mentioned "
    "in the prompt as @name.": "It takes 1 to 7 reference pictures, each with an address and, if you like, “type” "
    "(subject or background) and “ref_name”; the prompt calls them @name",
    "Stored page was cut; further fields depend on function.": "What else it takes depends on “What to do”",
    "The docs page lists duration 0 or 2-10 (default 0); the per-model schema lists 2-10 (default 5). The 0 option is "
    "therefore unsafe.": "Its documents disagree on whether it can keep the length of the source",
    "The fast sibling's schema says it has the same fields with a lower resolution cap.": "It is said to take the same "
    "parameters as Seedance 2.0 Fast I2V",
    "The list of effect names was not found.": "Which effects there are is not known here",
    "The Pro sibling's page speaks of a shared Q3 first-last schema.": "It is said to take the same parameters as Vidu "
    "Q3 Pro FL2V",
}
