"""Statistics over plain arrays: purchases to come, spend an order, subscriptions that last, segments, silence."""
