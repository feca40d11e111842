from juluo.kit.rooms import Room


class Tiers(Room):
    name = "juluo.insight.tiers"
    label = "tiers"
