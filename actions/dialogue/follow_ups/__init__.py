"""Messages that mean something only after what was said before; `follow_up` is the way in."""
