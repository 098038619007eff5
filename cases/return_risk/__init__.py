"""The signals of the danger that somebody is returned: what is recorded, never a score."""
