"""What can be done: functions over a session. They neither commit nor know of a request."""
