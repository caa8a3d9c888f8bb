"""Fails on any read of member data that goes round its gate.

Member data is read by `actions/records.py` alone: it checks the VerifiedMember and writes the audit
row first. So a capability that takes a member may be called on `records` only; what finds people is
verification's own; of the partners' modules only the interface may be imported, and HTTP is spoken
by few. A line that has a reason to be otherwise says so: `# member data: REASON`.

Run: `python -m scripts.member_data_gate` (exit 1 with the lines).
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
CAPABILITIES = ROOT / "actions" / "partners" / "capabilities.py"
# Who may: the gate, the adapters behind it; and whom verification needs to find.
_BEHIND_THE_GATE = ("actions/records.py", "actions/partners/")
_VERIFICATION = "actions/verification.py"
_FINDING = frozenset({"find_member", "find_person", "match_person"})
# What the rest of the action process needs of the partners: the interface, and the clients' making.
_PARTNERS = "actions.partners"
_INTERFACE = frozenset(
    {_PARTNERS, *(f"{_PARTNERS}.{each}" for each in ("budget", "capabilities", "watch"))}
)
# Who opens the connections, and who delivers cases to the companies; the bridge asks no backend.
_SPEAK_HTTP = frozenset({"actions/app.py", "actions/cases/delivery.py"})
_ESCAPE = "# member data:"


def capabilities() -> frozenset[str]:
    """The methods of the capability interface that take a member."""
    tree = ast.parse(CAPABILITIES.read_text("utf-8"))
    (protocol,) = (
        node
        for node in tree.body
        if isinstance(node, ast.ClassDef) and node.name == "PartnerBackend"
    )
    return frozenset(
        method.name
        for method in protocol.body
        if isinstance(method, ast.AsyncFunctionDef)
        and "member" in {argument.arg for argument in method.args.args}
    )


def problems(path: Path, source: str, gated: frozenset[str]) -> Iterator[str]:
    """One sentence a line that goes round the gate. `path` is relative to the root."""
    name = path.as_posix()
    if name.startswith(_BEHIND_THE_GATE):
        return
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        wrong = _wrong(node, name, gated)
        if wrong and _ESCAPE not in lines[node.lineno - 1]:  # type: ignore[attr-defined]
            yield f"{name}:{node.lineno}: {wrong}"  # type: ignore[attr-defined]


def _wrong(node: ast.AST, name: str, gated: frozenset[str]) -> str | None:
    for module in _imported(node):
        if module.startswith(_PARTNERS) and module not in _INTERFACE:
            return f"{module} belongs to actions/partners."
        if module == "httpx" and name.startswith("actions/") and name not in _SPEAK_HTTP:
            return "HTTP to a company is spoken in actions/partners."
    if isinstance(node, ast.Attribute) and node.attr in gated and _is_backend(node.value):
        return f"{ast.unparse(node)}: read it through desk.records."
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return None
    method, receiver = node.func.attr, ast.unparse(node.func.value)
    if method in gated and receiver.split(".")[-1] != "records":
        return f"{receiver}.{method}: read it through desk.records."
    if method in _FINDING and name != _VERIFICATION:
        return f"{receiver}.{method}: finding people is verification's own."
    return None


def _imported(node: ast.AST) -> list[str]:
    """The modules that an import names."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not (isinstance(node, ast.ImportFrom) and node.module):
        return []
    inside = [alias.name for alias in node.names if alias.name != "connect"]
    modules = [f"{_PARTNERS}.{each}" for each in inside] if node.module == _PARTNERS else []
    return [node.module, *modules]


def _is_backend(receiver: ast.expr) -> bool:
    """Whether a method that is kept for later is one of a backend's, by its name."""
    return "backend" in ast.unparse(receiver).lower()


def main() -> int:
    """Check what runs in the product. Returns 1 when something goes round the gate."""
    gated = capabilities()
    found = [
        problem
        for folder in ("actions", "api", "bot", "alliance")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if ".venv" not in path.parts
        for problem in problems(path.relative_to(ROOT), path.read_text("utf-8"), gated)
    ]
    sys.stdout.writelines(f"{problem}\n" for problem in found)
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
