"""Where a person stands in an incident: worked out from the dated stages."""
