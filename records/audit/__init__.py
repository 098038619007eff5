"""The audit trail: every write is logged by database triggers and sealed into a chain of hashes."""
