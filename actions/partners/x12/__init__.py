"""The X12 adapter: eligibility (270/271), claim status (276/277) and remittance (835), 005010.

Source: ASC X12 TR3 005010X279A1, 005010X212, 005010X221A1; CAQH CORE Connectivity vC4.0.0.
"""
