from juluo.kit.rooms import Room


class Imports(Room):
    name = "juluo.record.imports"
    label = "imports"
