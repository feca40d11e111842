from juluo.kit.rooms import Room


class Texts(Room):
    name = "juluo.insight.texts"
    label = "texts"
