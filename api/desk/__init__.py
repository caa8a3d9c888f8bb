"""The agents' desk: the queue, conversations handed to a person, suggested answers."""
