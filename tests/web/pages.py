"""The pages as people use them: what is said, pressed and seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, Request, expect

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
OpenPage = Callable[..., Page]
# A turn may find a cold process behind it.
TIMEOUT_SECONDS = 20
expect.set_options(timeout=TIMEOUT_SECONDS * 1000)


@dataclass(frozen=True)
class Member:
    """A sample member (docs/sample-members.md) and the plan's payment of the March claim."""

    first_name: str
    member_id: str
    date_of_birth: str
    zip_code: str
    company: str
    paid: str


AVERY = Member("Avery", "U10010001", "May 17, 1984", "06103", "CIGNA HealthCare", "$135.00")
MORGAN = Member("Morgan", "M10010002", "November 2, 1979", "12207", "MVP Health Care", "$140.00")
RILEY = Member("Riley", "P10010003", "August 23, 1990", "14604", "Preferred Care", "$145.00")
TAYLOR = Member("Taylor", "M10010009", "March 3, 1987", "12305", "MVP Health Care", "$0.00")

CLAIM_QUESTION = "has my claim from march been paid?"
FACTORS = (
    ("first name", "first_name"),
    ("member ID", "member_id"),
    ("date of birth", "date_of_birth"),
    ("ZIP code", "zip_code"),
)


def requests(page: Page) -> list[Request]:
    """The requests of a page from now on; grows as they come."""
    made: list[Request] = []

    def note(request: Request) -> None:
        made.append(request)

    page.on("request", note)
    return made


class Chat:
    """The member's page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.input = page.get_by_label("Your message")
        self.messages = page.locator(".message")
        self.person = page.locator(".actions").get_by_role("button", name="Talk to a person")
        expect(page.locator(".from-assistant").first).to_be_visible()

    def said(self, by: str, text: str) -> Locator:
        """Messages of a side (member, assistant, agent, system) that hold a text."""
        return self.page.locator(f".from-{by}").filter(has_text=text)

    def choose(self, name: str) -> None:
        """Something of the menu."""
        self.page.get_by_role("button", name="More", exact=True).click()
        self.page.locator(".menu").get_by_role("button", name=name).click()

    def confirm(self, name: str) -> None:
        """Choose something of the menu that asks again, and say yes."""
        self.choose(name)
        self.page.get_by_role("dialog").get_by_role("button", name=name).click()

    def say(self, text: str) -> None:
        """Send a message and wait until it is answered (by a person it may be later)."""
        self.input.fill(text)
        self.input.press("Enter")
        expect(self.page.locator(".sending")).to_have_count(0)
        expect(self.page.locator(".typing")).to_be_hidden()

    def answer_factors(self, member: Member) -> None:
        """Give what proves identity, each when it is asked for."""
        for question, name in FACTORS:
            expect(self.page.locator(".from-assistant").last).to_contain_text(question)
            self.say(getattr(member, name))

    def stay_for_a_person(self) -> None:
        """At night the chat asks first whether to leave the message: yes. Then it waits."""
        leave = self.page.get_by_role("button", name="Leave my message").last
        waits = self.page.locator(".who[data-owner=queue]")
        expect(leave.or_(waits).first).to_be_visible()
        if not waits.is_visible():
            leave.click()
        expect(waits).to_be_visible()

    def ask_about_march(self, member: Member) -> None:
        """The claim question up to its answer."""
        self.say(CLAIM_QUESTION)
        self.answer_factors(member)
        expect(self.page.locator(".card").last).to_be_visible()


class Desk:
    """The agent's page."""

    def __init__(self, page: Page, username: str, password: str) -> None:
        self.page = page
        self.editor = page.get_by_role("textbox", name="Your reply")
        self.suggestions = page.locator(".suggestion")
        page.get_by_label("User name").fill(username)
        page.get_by_label("Password").fill(password)
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Sign out")).to_be_visible()

    def accept(self, name: str) -> None:
        """Take the conversation of a member who has just come to wait."""
        self.page.get_by_role("button", name=f"Accept {name}").last.click()
        expect(self.editor).to_be_focused()

    def transfer(self, to: str, note: str) -> None:
        """Pass the open conversation on to a colleague or queue, by its label."""
        self.page.get_by_role("button", name="Transfer").click()
        dialog = self.page.get_by_role("dialog")
        dialog.get_by_label("To").select_option(label=to)
        dialog.get_by_label("Note").fill(note)
        dialog.get_by_role("button", name="Transfer").click()
