from juluo.kit.rooms import Room


class Events(Room):
    name = "juluo.record.events"
    label = "events"
