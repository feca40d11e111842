from juluo.kit.rooms import Room


class Value(Room):
    name = "juluo.insight.value"
    label = "value"
