from juluo.kit.rooms import Room


class Accounts(Room):
    name = "juluo.ground.accounts"
    label = "accounts"
