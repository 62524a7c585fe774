-- What a payout's postings were made from, and what the audit holds the payout against ever after.
CREATE OR REPLACE FUNCTION payouts_facts(p payouts_payout) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT jsonb_build_object(
        'id', p.id, 'payout', p.public_id, 'key', p.key, 'creator', p.creator_id, 'diamonds', p.diamonds,
        'debt', p.debt_diamonds,
        'rate_card', p.rate_card_id, 'fx', p.fx_per_usd::text, 'currency', p.currency, 'amount', p.amount_minor,
        'exact', p.exact_minor::text, 'pays_again', p.pays_again_id,
        'requested', extract(epoch FROM p.created_at)::text)
$$;
-- What it left with: the bank account, and the file that two people let go.
CREATE OR REPLACE FUNCTION payouts_leaving(p payouts_payout, m payouts_payoutmethod, b payouts_batch) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT payouts_facts(p) || jsonb_build_object(
        'method', m.id, 'method_id', m.public_id, 'of', m.creator_id, 'rail', m.rail, 'holder', m.holder,
        'iban', m.iban_masked, 'bic', m.bic, 'paid_in', m.currency,
        'batch', b.id, 'batch_id', b.public_id, 'file_rail', b.rail, 'file_currency', b.currency,
        'built_by', b.built_by_id, 'built', extract(epoch FROM b.built_at)::text,
        'approved_by', b.approved_by_id, 'approved', extract(epoch FROM b.approved_at)::text,
        'sha256', b.content_sha256)
$$;
-- What two people decided, and the row of the bank's file that they looked at.
CREATE OR REPLACE FUNCTION payouts_decided(q payouts_proposal, l payouts_statementline) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT jsonb_build_object(
        'id', q.id, 'proposal', q.public_id, 'kind', q.kind, 'reason', q.reason, 'payout', q.payout_id,
        'batch', q.batch_id, 'balance', q.balance_id, 'amount', q.amount_minor, 'currency', q.currency,
        'proposed_by', q.proposed_by_id, 'proposed', extract(epoch FROM q.proposed_at)::text,
        'uploaded_by', q.uploaded_by_id,
        'decided_by', q.decided_by_id, 'decided', extract(epoch FROM q.decided_at)::text,
        'line', l.id, 'row_amount', l.amount_minor, 'row_currency', l.currency, 'credit', l.credit,
        'charge', l.charge_minor, 'reference', l.reference, 'end_to_end', l.end_to_end_id, 'cause', l.cause,
        'row_payout', l.payout_id, 'row_batch', l.batch_id)
$$;
