from juluo.kit.rooms import Room


class Metrics(Room):
    name = "juluo.insight.metrics"
    label = "metrics"
