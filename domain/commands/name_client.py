"""Name a client: add one to a customer, or call it otherwise."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from domain.commands.changing import CommandReused
from domain.commands.intent import Intent
from domain.commands.loading import load_customer
from domain.commands.recording import NotTheVersion
from domain.customer import Customer, decide_add_client, decide_rename_client, fold
from domain.facts import CustomerFact
from domain.identifiers import CustomerId, plain
from domain.permissions import Permission
from domain.ports.house import House
from domain.ports.journal import Receipt, Recording, StreamMoved
from domain.refusals import Refusal

MOST_DECISIONS: Final = 20
"""How often a lost race is decided again before giving up."""


@dataclass(frozen=True, slots=True)
class NameClient:
    """Add a client to a customer, or rename it.

    Attributes:
        customer: whose.
        client: its id.
        name: what people call it.
        intent: who and why.
        adds: it is new; False: it is called otherwise.
        called: what people call the customer, where this is its first client; empty: its id.
        expected: the version of the customer that the caller saw, or None for whatever is there.
    """

    customer: CustomerId
    client: str
    name: str
    intent: Intent
    adds: bool = True
    called: str = ""
    expected: int | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """What came of it.

    Attributes:
        customer: as it is now.
        receipt: where it is recorded; None where it was so already.
        again: it was recorded before; now it was only answered.
    """

    customer: Customer
    receipt: Receipt | None = None
    again: bool = False


def name_client(command: NameClient, house: House) -> Named:
    """Record the client, or its other name. A command that was recorded before is not done again.

    Its own people may rename a client; adding one is for who looks after the installation.

    Raises:
        NotPermitted: they may not.
        ClientExists, NoSuchClient, TooManyClients, BadIdentifier, BadName: what was given does not fit.
        NotTheVersion: the customer is not at ``expected``.
        CommandReused: the command's id was used for another one.
        StreamMoved: the race was lost too often.
    """
    permission = Permission.OPERATE if command.adds else Permission.MANAGE_CLIENT
    house.permit(command.intent.asks(permission, command.client))
    plain(command.customer.customer, "customer")
    lost = 0
    while True:
        customer = load_customer(house.journal, command.customer)
        done = house.journal.receipt(_owner(command), command.intent.command)
        if done:
            return _recorded(command, house, done)
        if command.expected is not None and command.expected != customer.version:
            raise NotTheVersion(
                f"The customer is at version {customer.version}, not {command.expected}: look again, then decide."
            )
        facts = _decide(command)(customer)
        if not facts:
            return Named(customer)
        recording = Recording(command.customer.stream, customer.version, facts)
        try:
            receipt = house.journal.append([recording], command.intent.provenance)
        except StreamMoved:
            lost += 1
            if lost == MOST_DECISIONS:
                raise
        else:
            return Named(fold(facts, customer), receipt)


def _owner(command: NameClient) -> str:
    return command.customer.stream.partition(":")[2]


def _decide(command: NameClient) -> Callable[[Customer], tuple[CustomerFact, ...]]:
    if not command.adds:
        return lambda customer: decide_rename_client(customer, command.client, command.name)
    called = command.called or command.customer.customer
    return lambda customer: decide_add_client(customer, command.client, command.name, called=called)


def _recorded(command: NameClient, house: House, receipt: Receipt) -> Named:
    entries = list(house.journal.stream(command.customer.stream, until=receipt.position))
    told = [(entry.provenance.command, entry.fact) for entry in entries if isinstance(entry.fact, CustomerFact)]
    before = fold(fact for by, fact in told if by != command.intent.command)
    facts = tuple(fact for by, fact in told if by == command.intent.command)
    try:
        same = _decide(command)(before) == facts
    except Refusal:
        same = False
    if not same:
        raise CommandReused(f"The id {command.intent.command!r} was used for another command: use a new one.")
    return Named(fold(facts, before), receipt, again=True)
