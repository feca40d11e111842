from juluo.kit.rooms import Room


class Koc(Room):
    name = "juluo.insight.koc"
    label = "koc"
