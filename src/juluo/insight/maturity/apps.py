from juluo.kit.rooms import Room


class Maturity(Room):
    name = "juluo.insight.maturity"
    label = "maturity"
