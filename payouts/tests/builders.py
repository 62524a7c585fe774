"""Payouts in every state, made through the services. The test bank answers."""

import uuid

import ledger
from accounts.models import User
from payouts.batches import bank_files
from payouts.methods import bank_accounts
from payouts.models import BankStatement, Batch, Payout, PayoutMethod, Proposal
from payouts.proposals import services as proposals
from payouts.rails.bank_file.sample import statement_for
from payouts.requests import automatic, services
from payouts.statements import bank_statements

GERMAN = "DE89370400440532013000"
DUTCH = "NL91ABNA0417164300"
FRENCH = "FR1420041010050500013M02606"


def give_diamonds(creator: User, diamonds: int) -> None:
    """Post a real transfer of released diamonds to a creator, without gifts behind it."""
    ledger.post_one(
        key=f"test-diamonds:{uuid.uuid4()}",
        kind="test",
        legs=[
            ledger.Leg(
                "DIAMOND",
                ledger.account_id("diamonds_issued", "DIAMOND"),
                ledger.account_id("diamonds", "DIAMOND", creator.pk),
                diamonds,
            )
        ],
    )


def bank_account(creator: User, iban: str = DUTCH, holder: str = "Bob Harbour") -> PayoutMethod:
    return bank_accounts.add_method(creator=creator, holder=holder, iban=iban)


def requested(creator: User, diamonds: int = 10_000) -> Payout:
    """A fresh request, with the diamonds for it and a bank account."""
    if bank_accounts.method_of(creator) is None:
        bank_account(creator)
    give_diamonds(creator, diamonds)
    return services.request_payout(creator=creator, diamonds=diamonds, key=uuid.uuid4())


def ready(creator: User, diamonds: int = 10_000) -> Payout:
    payout = requested(creator, diamonds)
    automatic.check_requested()
    return fresh(payout)


def built(by: User, *payouts: Payout) -> Batch:
    return bank_files.build_batch(by=by, only=[payout.pk for payout in payouts])


def sent(by: User, approver: User, *payouts: Payout) -> Batch:
    return bank_files.approve(batch=built(by, *payouts), by=approver)


def answered(by: User, batch: Batch, *, returned: tuple[Payout, ...] = ()) -> BankStatement:
    content = statement_for(batch, returned=returned)
    return bank_statements.read_statement(content=content, by=by)[0]


def came_back(by: User, approver: User, batch: Batch, *payouts: Payout) -> BankStatement:
    """Let the bank pay a batch and send these back, which another person confirms."""
    report = answered(by, batch, returned=payouts)
    confirm_all(approver)
    return report


def confirm_all(by: User) -> None:
    for proposal in Proposal.objects.open():
        proposals.confirm(proposal=proposal, by=by)


def fresh(payout: Payout) -> Payout:
    return Payout.objects.get(pk=payout.pk)


def eur(kind: str, owner: User | None = None) -> int:
    return ledger.balance(kind, "EUR", owner.pk if owner else None)


def diamonds_of(creator: User) -> int:
    return ledger.balance("diamonds", "DIAMOND", creator.pk)
