"""One module a topic: (verified member and) question to Answer."""
