from juluo.kit.rooms import Room


class Reports(Room):
    name = "juluo.insight.reports"
    label = "reports"
