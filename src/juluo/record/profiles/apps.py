from juluo.kit.rooms import Room


class Profiles(Room):
    name = "juluo.record.profiles"
    label = "profiles"
