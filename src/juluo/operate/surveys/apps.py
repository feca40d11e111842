from juluo.kit.rooms import Room


class Surveys(Room):
    name = "juluo.operate.surveys"
    label = "surveys"
