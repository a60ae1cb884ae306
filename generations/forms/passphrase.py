"""Passwords that people can read to each other: "lantern-otter-maple-52"."""

import secrets

NOUNS = """
acorn alder almond amber anchor apple apron april arbor arrow aspen atlas autumn badger bagel bakery balcony bamboo
banjo barley basil basket beach beacon beaver beetle bell berry birch bison blanket blossom bonnet bottle boulder
branch breeze brick bridge brook bucket butter button cabin cactus camel candle canoe canvas canyon captain caravan
cardinal carpet carrot castle cedar cello chalk cherry chestnut cider cinnamon circus citrus clover coast cobalt
coconut comet compass copper coral cotton cousin cradle crane crater cricket crystal cushion cypress daisy dolphin
donkey dragon drum eagle easel ember engine falcon feather fennel ferry fiddle field finch fjord flamingo flute forest
fossil fountain fox garden garlic gazelle geyser ginger giraffe glacier goblet gondola goose granite grape guitar
hammer hammock harbour harvest hazel hedge heron hickory hollow honey horizon iceberg indigo island ivory jacket
jaguar jasmine jigsaw juniper kayak kettle kitten koala ladder lagoon lantern lark lavender lemon lentil lilac linen
lizard lobster lotus magnet mango maple marble market meadow melon meteor mill mint mirror mitten moss mountain
mulberry mustard nectar needle nettle nickel nutmeg oasis ocean olive opal orange orbit orchard otter oyster paddle
panda paper parade parrot pasture peach peanut pebble pelican pepper petal piano pigeon pillow pilot pine planet plum
pocket pollen pony poppy prairie puffin pumpkin quartz quill rabbit radish rain raven reef ribbon river robin rocket
rosemary ruby saddle saffron sail salmon sandal sapphire satchel saturn sequoia shadow shell silver slipper sparrow
spruce squirrel stable starling sunset swallow tadpole tango teapot temple thistle thunder tiger timber toast tomato
topaz torch tulip tundra turnip turtle umbrella valley vanilla velvet village violet violin walnut walrus water wheat
willow window winter
"""
WORDS = NOUNS.split()


def make():
    """Three words and a number: one of a thousand million, against a few guesses every quarter of an hour."""
    return "-".join([*(secrets.choice(WORDS) for _ in range(3)), str(10 + secrets.randbelow(90))])
