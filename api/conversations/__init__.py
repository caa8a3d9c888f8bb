"""Conversations, whatever the channel: messages, owner, turns."""
