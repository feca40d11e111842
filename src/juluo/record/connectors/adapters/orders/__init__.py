"""Tables of orders from shops and payment tools: CSV, Excel, one JSON object a line; one row an order, or one row an item of it."""
