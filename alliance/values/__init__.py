"""Reading one value out of what a member typed, said or keyed.

Every reader is a pure function over free text. It returns None (or an empty list) unless the
value is certain: the dialogue then asks again instead of guessing. `is_only_value` tells a bare
answer ("sure, it's 12207") from a message that merely holds a value ("doctor near 12207"), which
must never become proof of identity.
"""

from alliance.values.amounts import read_amount
from alliance.values.coming import read_coming
from alliance.values.common import Kind
from alliance.values.dates import read_date_of_birth
from alliance.values.finding import Value, find_values
from alliance.values.identifiers import (
    mask,
    read_claim_figures,
    read_claim_number,
    read_member_ids,
)
from alliance.values.names import (
    is_wordy_name,
    keypad,
    matches_name,
    may_be_name,
    read_first_names,
)
from alliance.values.only_value import is_only_value
from alliance.values.periods import Period, read_period
from alliance.values.zip_codes import read_zip

__all__ = [
    "Kind",
    "Period",
    "Value",
    "find_values",
    "is_only_value",
    "is_wordy_name",
    "keypad",
    "mask",
    "matches_name",
    "may_be_name",
    "read_amount",
    "read_claim_figures",
    "read_claim_number",
    "read_coming",
    "read_date_of_birth",
    "read_first_names",
    "read_member_ids",
    "read_period",
    "read_zip",
]
