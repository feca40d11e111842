"""What is counted of orders and of members' rhythms, as Ibis expressions, and the figures declared on them."""
