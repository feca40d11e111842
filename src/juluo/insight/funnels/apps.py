from juluo.kit.rooms import Room


class Funnels(Room):
    name = "juluo.insight.funnels"
    label = "funnels"
