"""What only the report asks of the lake, as Ibis expressions; a module for each subject.

All of them are asked with the parameters of a whole-period calendar (`metrics.measures.base.parameters`): `start` … `middle` is the week
before, `middle` … `stop` the reported week.
"""
