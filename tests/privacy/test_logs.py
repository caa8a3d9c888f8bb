"""What members say, who they are and what they hear is in no process's log."""

from __future__ import annotations

import os
import signal

from tests.faults.test_parts_down import answered_again, pid_of
from tests.stack import Member, Stack

QUESTION = "has my claim from march been paid, said the zebra of Schenectady?"
FACTORS = ("Morgan", "M10010002", "November 2, 1979", "12207")
# Said by the member, or by the company about the member.
CANARIES = ("zebra", "M10010002", "November 2", "1979-11-02", "$140.00", "CLM-20", "Morgan")


def test_neither_in_good_days_nor_when_a_part_dies(stack: Stack, member: Member) -> None:
    sizes = stack.log_sizes()
    for text in (QUESTION, *FACTORS):
        member.say(text)
    assert "$140.00" in member.reply
    os.kill(pid_of(stack, "actions"), signal.SIGKILL)
    member.say(QUESTION)
    answered_again(member)
    logs = ""
    for path in stack.log_sizes():
        with path.open("rb") as log:
            log.seek(sizes.get(path, 0))
            logs += log.read().decode("utf-8", "replace")
    assert [canary for canary in CANARIES if canary in logs] == []
    assert logs, "the death of a process leaves a line"
