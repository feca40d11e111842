from .rooms import Room


class Kit(Room):
    name = "juluo.kit"
    label = "kit"
