from juluo.kit.rooms import Room


class Personas(Room):
    name = "juluo.insight.personas"
    label = "personas"
