"""Tables of messages, orders or answers from anywhere: CSV, Excel, one JSON object a line; the operator says which column is what."""
