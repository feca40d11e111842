from juluo.kit.rooms import Room


class Communities(Room):
    name = "juluo.ground.communities"
    label = "communities"
