from juluo.kit.rooms import Room


class Audit(Room):
    name = "juluo.ground.audit"
    label = "audit"
