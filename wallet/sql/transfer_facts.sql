-- What the postings of a bank transfer were made from, and what the audit holds its row against ever after: what
-- the bank said; who decided that an order has it; who sent it back.
CREATE OR REPLACE FUNCTION wallet_transfer_facts(t wallet_banktransfer) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT jsonb_build_object(
        'id', t.id, 'transfer', t.public_id, 'statement', t.statement_id, 'bank', t.bank_key,
        'reference', t.bank_reference, 'amount', t.amount_minor, 'currency', t.currency, 'booked', t.booked_on,
        'words', t.words, 'payer', t.payer_name, 'country', t.payer_country,
        'uploaded_by', t.uploaded_by_id)
$$;

CREATE OR REPLACE FUNCTION wallet_transfer_use(t wallet_banktransfer) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT jsonb_build_object(
        'id', t.id, 'order', t.purchase_id, 'used', t.used_minor, 'second', t.needs_second,
        'decided_by', t.decided_by_id, 'reason', t.reason, 'approved_by', t.approved_by_id)
$$;

CREATE OR REPLACE FUNCTION wallet_giveback_facts(g wallet_giveback) RETURNS jsonb LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT jsonb_build_object(
        'id', g.id, 'give_back', g.public_id, 'kind', g.kind, 'transfer', g.transfer_id, 'refund', g.refund_id,
        'amount', g.amount_minor, 'currency', g.currency, 'ordered_by', g.ordered_by_id,
        'reference', g.bank_reference, 'sent_by', g.sent_by_id)
$$;
