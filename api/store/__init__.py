"""What must last: conversations, messages, the queue, agents. SQLite file or PostgreSQL by URL."""
