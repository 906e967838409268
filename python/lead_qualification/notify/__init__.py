"""Messages to people: who is told of what, when and how, by the rows of notifications.csv."""
