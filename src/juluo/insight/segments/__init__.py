"""Who is meant: expressions over everything known of members, and the one query that answers who is in them."""
