from juluo.kit.rooms import Room


class Console(Room):
    name = "juluo.surfaces.console"
    label = "console"
