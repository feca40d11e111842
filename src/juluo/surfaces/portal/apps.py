from juluo.kit.rooms import Room


class Portal(Room):
    name = "juluo.surfaces.portal"
    label = "portal"
