"""Makes `domain.yml` and `data/rules/intents.yml` from `alliance/data/intents.yml`.

One form asks for whatever an answer needs, one action answers. Each intent has two rules: said
freely it is answered; said while something is being asked it is answered and the form goes on.

Run: `python -m scripts.generate_dialogue [--check]` (with --check: exit 1 when a file is stale).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent
INTENTS = ROOT / "alliance" / "data" / "intents.yml"
HEADER = "# Made by `python -m scripts.generate_dialogue` from alliance/data/intents.yml.\n"

# What an answer may need, and what proves who is talking. Only the need form fills them, and a
# factor only while it is being asked for.
NEEDS = [
    "location",
    "specialty",
    "facility_type",
    "service",
    "provider",
    "drug",
    "claim",
    "person",
    "partner",
    "whose",
    "words",
    "filing",
    "phone",
    "time",
    "reason",
]
FACTORS = [
    "first_name",
    "member_id",
    "card_company",
    "date_of_birth",
    "zip",
    "last_name",
    "second",
    "code",
]
ENTITIES = [
    "member_id",
    "claim_number",
    "zip",
    "date",
    "amount",
    "specialty",
    "facility",
    "service",
    "drug",
    "place",
    "partner",
    "relation",
    "language",
    "provider",
]


def form_slots() -> list[str]:
    """The form's slots in the order in which they are asked."""
    return [f"need_{name}" for name in NEEDS] + [f"factor_{name}" for name in FACTORS]


def domain(intents: dict[str, Any]) -> dict[str, Any]:
    """Rasa's domain. No slot influences the dialogue: the form and the agenda decide."""
    memory = ["agenda", "failures", "memory"]
    return {
        "version": "3.1",
        "session_config": {"session_expiration_time": 0, "carry_over_slots_to_new_session": True},
        "intents": [{name: {"use_entities": []}} for name in intents],
        "entities": ENTITIES,
        "slots": {
            name: {
                "type": "any",
                "influence_conversation": False,
                "mappings": [{"type": "custom"}],
            }
            for name in [*memory, *form_slots()]
        },
        "forms": {"need_form": {"required_slots": form_slots()}},
        "actions": ["action_answer", "validate_need_form"],
    }


def rules(intents: dict[str, Any]) -> dict[str, Any]:
    """Two rules an intent, and one for the form's end."""
    made: list[dict[str, Any]] = [
        {
            "rule": "answer when nothing more is needed",
            "condition": [{"active_loop": "need_form"}],
            "steps": [
                {"action": "need_form"},
                {"active_loop": None},
                {"slot_was_set": [{"requested_slot": None}]},
                {"action": "action_answer"},
            ],
        }
    ]
    for name in intents:
        made.append({"rule": f"{name}", "steps": [{"intent": name}, {"action": "action_answer"}]})
        made.append(
            {
                "rule": f"{name} while something is asked",
                "condition": [{"active_loop": "need_form"}],
                "steps": [
                    {"intent": name},
                    {"action": "action_answer"},
                    {"action": "need_form"},
                    {"active_loop": "need_form"},
                ],
            }
        )
    return {"version": "3.1", "rules": made}


def files() -> dict[Path, str]:
    """The generated files' contents by path."""
    intents = yaml.safe_load(INTENTS.read_text("utf-8"))["intents"]

    def text(document: dict[str, Any]) -> str:
        return HEADER + yaml.safe_dump(document, sort_keys=False, allow_unicode=True)

    return {
        ROOT / "domain.yml": text(domain(intents)),
        ROOT / "data" / "rules" / "intents.yml": text(rules(intents)),
    }


def main(arguments: list[str]) -> int:
    """Write the files, or with --check compare them."""
    made = files()
    if "--check" in arguments:
        stale = [path for path, text in made.items() if path.read_text("utf-8") != text]
        for path in stale:
            print(f"{path.relative_to(ROOT)} is stale: run python -m scripts.generate_dialogue")
        return 1 if stale else 0
    for path, text in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
