from juluo.kit.rooms import Room


class Lake(Room):
    name = "juluo.record.lake"
    label = "lake"
