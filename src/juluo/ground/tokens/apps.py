from juluo.kit.rooms import Room


class Tokens(Room):
    name = "juluo.ground.tokens"
    label = "tokens"
