"""The API of the cases app: its addresses, and what can be written of each resource."""
