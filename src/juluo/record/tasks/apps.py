from juluo.kit.rooms import Room


class Tasks(Room):
    name = "juluo.record.tasks"
    label = "tasks"
