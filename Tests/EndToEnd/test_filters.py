"""Automatic filters, lockdowns and raid mode, as the team sets them and as members meet them."""
import re

from playwright.sync_api import expect

from axe import violations
from person import Person
from test_moderation import channel, message, moderation, people  # noqa: F401
from tour import settle


def test_a_filter_is_tried_saved_and_refuses(people):
    _, _, _, _, pages = people
    bob, mona = pages["bob"], pages["mona"]
    moderation(mona)
    mona.get_by_role("tab", name="Filters").click()
    mona.get_by_role("button", name="New filter").click()
    mona.get_by_role("textbox", name="Name").fill("Insults")
    mona.get_by_role("textbox", name="Words, one a line").fill("idiot*\nscam")
    mona.get_by_role("textbox", name="Text", exact=True).fill("You 1d\u200biots!")
    expect(mona.get_by_role("region", name="Try a text")).to_contain_text("Found: idiot*")
    mona.get_by_role("textbox", name="Text", exact=True).fill("An idyll in Scamander")
    expect(mona.get_by_role("region", name="Try a text")).to_contain_text("This text passes.")
    mona.get_by_role("button", name="Start the dry run").click()
    expect(mona.get_by_role("region", name="Dry run")).to_contain_text("1 hit in 3 messages")
    settle(mona)
    assert not violations(mona, "the editor of a filter")
    mona.get_by_role("button", name="Save").click()
    expect(mona.get_by_role("list", name="Filters")).to_contain_text("Insults")
    settle(mona)
    assert not violations(mona, "the filters")

    channel(bob)
    field = bob.get_by_role("textbox", name=re.compile("^Message "))
    field.fill("Such an i.d.i.o.t")
    bob.keyboard.press("Enter")
    expect(bob.get_by_role("alert").filter(has_text="Insults")).to_be_visible()


def test_channels_are_locked_and_raid_mode_is_taken_back(people):
    _, _, _, _, pages = people
    bob, mona = pages["bob"], pages["mona"]
    moderation(mona)
    mona.get_by_role("tab", name="Protection").click()
    mona.get_by_role("button", name="Lock channels").click()
    dialog = mona.get_by_role("dialog")
    dialog.get_by_text("# general").click()
    assert not violations(mona, "the dialog of a lockdown")
    dialog.get_by_role("button", name="Lock channels").click()
    expect(mona.get_by_role("list", name="Lockdown of channels")).to_contain_text("# general")
    channel(bob)
    field = bob.get_by_role("textbox", name=re.compile("^Message "))
    field.fill("Anybody here?")
    bob.keyboard.press("Enter")
    expect(bob.get_by_role("alert").filter(has_text="locked")).to_be_visible()
    mona.get_by_role("button", name="Unlock").click()
    expect(mona.get_by_text("No channel is locked.")).to_be_visible()

    mona.get_by_role("button", name="Turn on raid mode").click()
    expect(mona.get_by_text("In force")).to_be_visible()
    settle(mona)
    assert not violations(mona, "protection")
    mona.get_by_role("button", name="Turn off and restore hidden messages").click()
    expect(mona.get_by_text("Not in force.")).to_be_visible()
