"""Web chat: sessions, messages, feedback."""
