"""What the platforms' makers publish about their own formats, held against what passed.

Schemas and types come from the makers' packages at test time: npm for jambonz, Twilio and Amazon
Lex, Debian's w3c-sgml-lib for VoiceXML. AudioCodes publishes none: its documented shapes are here.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from xml.etree import ElementTree as ET

from lxml import etree  # type: ignore[import-untyped]
from pydantic import BaseModel, ConfigDict, Field, ValidationError

PACKAGES = (
    "@jambonz/schema@0.4.15",
    "@types/aws-lambda@8.10.164",
    "@types/node@22.10.5",
    "twilio@5.10.4",
    "typescript@5.9.3",
)
VOICEXML = Path("/usr/share/xml/w3c-sgml-lib/schema/dtd/REC-voicexml21-20070619/vxml.dtd")
_JAMBONZ = """
const fs = require("fs");
const {validate, validateApp} = require("@jambonz/schema");
const Ajv = require("ajv");
const root = require("path").dirname(require.resolve("@jambonz/schema"));
const ajv = new Ajv({strict: false, validateSchema: false, logger: false});
for (const name of fs.readdirSync(root + "/callbacks"))
  ajv.addSchema(JSON.parse(fs.readFileSync(`${root}/callbacks/${name}`)));
const passed = JSON.parse(fs.readFileSync(0));
const faults = [];
for (const {callback, body} of passed.requests) {
  const check = ajv.getSchema(`https://jambonz.org/schema/callbacks/${callback}`);
  if (!check(body)) faults.push([callback, check.errors, body]);
}
for (const verbs of passed.replies)
  try {
    validate({info() {}}, verbs);
    validateApp(verbs);
  } catch (e) { faults.push([e.message, verbs]); }
console.log(JSON.stringify(faults));
"""


@dataclass(frozen=True)
class Passed:
    """A request and its reply, by platform: "jambonz", "vxml" and so on."""

    platform: str
    request: bytes
    reply: bytes


class Vendors:
    """The makers' packages, installed into a folder."""

    def __init__(self, folder: Path) -> None:
        npm = shutil.which("npm")
        assert npm, "The makers' packages come from npm (Debian: apt-get install npm)."
        subprocess.run(
            [npm, "install", "--prefix", str(folder), "--ignore-scripts", "--no-audit", *PACKAGES],
            check=True,
            capture_output=True,
        )
        self._folder = folder

    def jambonz(self, passed: Iterable[Passed]) -> list[Any]:
        """Faults of callbacks (callbacks/*.schema.json) and of verbs, by their own validator."""
        requests, replies = [], []
        for each in passed:
            body = json.loads(each.request)
            callback = "gather" if "reason" in body else "session-new"
            requests.append({"callback": callback, "body": body})
            replies.append(json.loads(each.reply))
        program = self._folder / "jambonz.js"
        program.write_text(_JAMBONZ)
        done = subprocess.run(
            ["node", str(program)],
            input=json.dumps({"requests": requests, "replies": replies}),
            capture_output=True,
            text=True,
            check=True,
        )
        faults: list[Any] = json.loads(done.stdout)
        return faults

    def typed(self, passed: Iterable[Passed]) -> list[str]:
        """Faults of TwiML and of Lex's events and results, as the compiler finds them in the
        makers' types: unknown names, wrong values, and children that an element cannot have.
        """
        lines = [
            'import VoiceResponse from "twilio/lib/twiml/VoiceResponse";',
            'import type { LexV2Result } from "aws-lambda";',
            # Every element also takes any name at all, for attributes that are not known yet.
            "type Child<T> = keyof { [K in keyof T as string extends K ? never : K]: 1 };",
        ]
        for number, each in enumerate(passed):
            if each.platform == "twilio":
                lines += _twiml(number, ET.fromstring(each.reply))  # noqa: S314 (our own reply)
            elif "sessionId" in (event := json.loads(each.request)):
                assert event["messageVersion"]
                lines.append(
                    f"const lex{number}: LexV2Result = {json.dumps(json.loads(each.reply))};"
                )
        (self._folder / "passed.ts").write_text("\n".join(lines))
        compiler = self._folder / "node_modules" / ".bin" / "tsc"
        done = subprocess.run(
            [str(compiler), "--noEmit", "--strict", "--skipLibCheck", "--esModuleInterop",
             "--types", "node,aws-lambda", "passed.ts"],
            cwd=self._folder,
            capture_output=True,
            text=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0 or done.stdout, done.stderr
        return [
            f"{line}\n    {lines[int(line.partition('(')[2].partition(',')[0]) - 1]}"
            if line.startswith("passed.ts(")
            else line
            for line in done.stdout.splitlines()
        ]


def _twiml(number: int, root: ET.Element) -> Iterator[str]:
    """Each element as a literal of its attributes' type, and its name as a method of its parent."""
    assert root.tag == "Response"
    pending = [("VoiceResponse", root)]
    while pending:
        parent, element = pending.pop()
        for at, child in enumerate(element):
            name = child.tag[0].lower() + child.tag[1:]
            kind = "SsmlProsody" if child.tag == "prosody" else child.tag
            yield f'export const n{number}_{at}_{child.tag}: Child<{parent}> = "{name}";'
            values = {key: _value(key, value) for key, value in child.attrib.items()}
            if values:
                yield (
                    f"export const a{number}_{at}_{child.tag}: VoiceResponse.{kind}Attributes = "
                    f"{json.dumps(values)};"
                )
            pending.append((f"VoiceResponse.{kind}", child))


def _value(name: str, value: str) -> Any:
    """An attribute as the library takes it."""
    if name == "input":
        return value.split()
    if value in ("true", "false"):
        return value == "true"
    return int(value) if value.isdigit() else value


def voicexml(passed: Iterable[Passed]) -> list[str]:
    """Faults of documents by the DTD of VoiceXML 2.1."""
    assert VOICEXML.exists(), "The DTD comes with w3c-sgml-lib (Debian: apt-get install it)."
    dtd = etree.DTD(str(VOICEXML))
    faults = []
    for each in passed:
        if not dtd.validate(etree.fromstring(each.reply)):
            faults += [str(error) for error in dtd.error_log.filter_from_errors()]
            faults.append(each.reply.decode())
    return faults


class _Exact(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _SipHeader(_Exact):
    name: str = Field(min_length=1)
    value: str = Field(min_length=1)


class _TransferParams(_Exact):
    transferTarget: str = Field(pattern=r"^(?:sips?|tel):\S+$")
    handoverReason: str
    transferSipHeaders: list[_SipHeader]


class _SessionParams(_Exact):
    """VoiceAI Connect's parameters, those of them that we set, with their documented ranges."""

    language: str
    bargeIn: bool
    bargeInOnDTMF: bool
    userNoInputSendEvent: bool
    userNoInputTimeoutMS: int = Field(ge=0)
    sendDTMF: bool
    dtmfCollect: bool
    dtmfCollectSubmitDigit: str = Field(pattern=r"^[0-9*#]$")
    dtmfCollectInterDigitTimeoutMS: int = Field(ge=0)
    dtmfCollectMaxDigits: int | None = Field(default=None, ge=0)
    sttContextPhrases: list[str] = []


class _Activity(_Exact):
    id: str = Field(min_length=1)
    timestamp: str = Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")


class _Message(_Activity):
    type: Literal["message"]
    text: str = Field(min_length=1)
    sessionParams: _SessionParams | None = None


class _Transfer(_Activity):
    type: Literal["event"]
    name: Literal["transfer"]
    activityParams: _TransferParams


class _Hangup(_Activity):
    type: Literal["event"]
    name: Literal["hangup"]


class _Activities(_Exact):
    conversation: str
    activities: list[_Message | _Transfer | _Hangup]


class _Begun(_Exact):
    activitiesURL: str
    refreshURL: str
    disconnectURL: str
    expiresSeconds: int = Field(gt=0)


def audiocodes(passed: Sequence[Passed]) -> list[str]:
    """Faults by the documented shapes of the Bot API's replies."""
    faults = []
    for each in passed:
        shape = _Activities if b'"activities"' in each.request else _Begun
        try:
            shape.model_validate_json(each.reply)
        except ValidationError as error:
            faults.append(str(error))
    return faults
