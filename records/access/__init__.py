"""Who may read what: teams, clearances, second factors and broken glass."""
