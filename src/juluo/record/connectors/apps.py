from juluo.kit.rooms import Room


class Connectors(Room):
    name = "juluo.record.connectors"
    label = "connectors"
