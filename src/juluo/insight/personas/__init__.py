"""Who a group is beside everybody, and what members need: personas, needs and pains."""
