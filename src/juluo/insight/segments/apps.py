from juluo.kit.rooms import Room


class Segments(Room):
    name = "juluo.insight.segments"
    label = "segments"
