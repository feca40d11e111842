from juluo.kit.rooms import Room


class People(Room):
    name = "juluo.record.people"
    label = "people"
