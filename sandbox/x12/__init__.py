"""X12 005010 as a payer's back office answers it: eligibility, claim status, remittance.

Source: ASC X12 TR3 005010X279A1 (270/271), 005010X212 (276/277), 005010X221A1 (835); CAQH CORE
Connectivity for the envelope over HTTPS. Codes only: their owners' descriptions are not repeated.
"""
