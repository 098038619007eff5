"""Who may read what: teams, clearances and broken glass."""
