"""Does a company's backend do what Memberline needs of it? For integrators, with its URL in hand.

`python -m actions.partners.conformance CONFIG --partner KEY` asks it as the product does, through
the same clients, and tells capability by capability what works, what is missing (and what members
then hear less of) and what is wrong (and what to change). Use a test member of the company: what
is printed are counts and names of fields, never a value.
"""
