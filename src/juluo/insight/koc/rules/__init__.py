"""What is worked out from counts: influence, shrinkage, percentiles, scores."""
