"""The rights by which the second person of a payout acts."""

RIGHTS = ("payouts.approve_batch", "payouts.confirm_booking")
