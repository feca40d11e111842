from juluo.kit.rooms import Room


class Api(Room):
    name = "juluo.surfaces.api"
    label = "api"
