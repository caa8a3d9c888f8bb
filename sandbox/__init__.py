"""Stand-in FHIR R4 backends for the alliance's companies, with invented data.

Real backends can take their place: nothing else in the project imports this package.
"""
