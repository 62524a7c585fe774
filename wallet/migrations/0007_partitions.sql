-- Months: postings and transfers in one part for each month, once `ledger_partition` was called. Until then, and
-- on most sites for ever, both are plain tables and nothing here does anything.
--
-- The parts lie in a schema of their own, `ledger`: posting_first (everything up to the switch), posting_2027_01, ...,
-- and posting_late for rows of a month that nobody made; the same for transfer. The site's role has no way into that
-- schema. It reads through the tables in public, which keep their names.

-- The first moment of the month of a moment, or of one some months later; months are those of UTC.
CREATE FUNCTION ledger_month(moment timestamptz, later int DEFAULT 0) RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT (date_trunc('month', moment AT TIME ZONE 'UTC') + make_interval(months => later)) AT TIME ZONE 'UTC'
$$;

-- The parts that there are: none while the tables are plain. `until` is not part of it; `late` has no bounds.
CREATE FUNCTION ledger_months()
RETURNS TABLE (kind text, part text, since timestamptz, until timestamptz, late boolean) LANGUAGE sql STABLE AS $$
    SELECT k.kind, c.relname::text, substring(b.bound FROM 'FROM \(''([^'']+)''\)')::timestamptz,
        substring(b.bound FROM 'TO \(''([^'']+)''\)')::timestamptz, b.bound = 'DEFAULT'
    FROM (VALUES ('posting'), ('transfer')) k(kind)
    JOIN pg_inherits i ON i.inhparent = to_regclass('public.ledger_' || k.kind) JOIN pg_class c ON c.oid = i.inhrelid
    CROSS JOIN LATERAL (SELECT pg_get_expr(c.relpartbound, c.oid) AS bound) b
$$;

-- Add a part: made beside the table and attached when it is whole, so that sends go on meanwhile.
CREATE FUNCTION ledger_add_part(kind text, part text, bound text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TABLE ledger.%I (LIKE public.%I INCLUDING ALL)', part, 'ledger_' || kind);
    -- The table's own trigger does not fire for who writes to a part by its name.
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.%I'
                   ' FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change()', kind || '_append_only', part);
    EXECUTE format('ALTER TABLE public.%I ATTACH PARTITION ledger.%I %s', 'ledger_' || kind, part, bound);
END $$;

-- Rows that came when no month was there lie in the late part. It becomes the part of the months that were missed,
-- as it is, and a new one takes its place. Returns where the months go on; no row moves, none changes.
CREATE FUNCTION ledger_settle_late(kind text, since timestamptz, goal timestamptz) RETURNS timestamptz
LANGUAGE plpgsql AS $$
DECLARE
    late text := kind || '_late';
    part text := kind || to_char(since AT TIME ZONE 'UTC', '_YYYY_MM');
    newest timestamptz;
    until timestamptz;
    waits boolean;
BEGIN
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM ledger.%I WHERE created_at < %L)', late, goal) INTO waits;
    IF NOT waits THEN
        RETURN since;
    END IF;
    EXECUTE format('LOCK TABLE public.%I IN ACCESS EXCLUSIVE MODE', 'ledger_' || kind);
    EXECUTE format('SELECT max(created_at) FROM ledger.%I', late) INTO newest;
    until := ledger_month(newest, 1);
    IF until > goal THEN
        RAISE EXCEPTION 'ledger.% holds rows of missed months and of %, which is too far ahead to make', late, newest
            USING HINT = 'A clock was wrong. See docs/operator.md, Months.';
    END IF;
    IF until > ledger_month(since, 1) THEN
        part := part || to_char(ledger_month(newest) AT TIME ZONE 'UTC', '"_to"_YYYY_MM');
    END IF;
    EXECUTE format('ALTER TABLE public.%I DETACH PARTITION ledger.%I', 'ledger_' || kind, late);
    EXECUTE format('ALTER TABLE ledger.%I RENAME TO %I', late, part);
    EXECUTE format('ALTER TABLE public.%I ATTACH PARTITION ledger.%I FOR VALUES FROM (%L) TO (%L)',
                   'ledger_' || kind, part, since, until);
    PERFORM ledger_add_part(kind, late, 'DEFAULT');
    RETURN until;
END $$;

-- What a switch that was killed left behind: a constraint that would refuse every send once its month is over.
CREATE FUNCTION ledger_forget_switch() RETURNS void LANGUAGE plpgsql SET lock_timeout = '500ms' AS $$
DECLARE
    line text;
BEGIN
    FOR line IN SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', c.conrelid::regclass, c.conname)
                FROM pg_constraint c WHERE c.conname IN ('first_posting_until', 'first_transfer_until')
                AND c.conrelid IN ('public.ledger_posting'::regclass, 'public.ledger_transfer'::regclass) LOOP
        EXECUTE line;
    END LOOP;
END $$;

-- Make the parts of this month and of the months ahead that are missing, and return the names of what was made.
-- It waits half a second for a lock and then gives up, before a send notices; the job that calls it comes again.
CREATE FUNCTION ledger_make_months(ahead int DEFAULT 3) RETURNS SETOF text
LANGUAGE plpgsql SET lock_timeout = '500ms' AS $$
DECLARE
    goal timestamptz := ledger_month(clock_timestamp(), ahead + 1);
    which text;
    since timestamptz;
    until timestamptz;
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtext('ledger_months')) THEN
        RETURN;  -- somebody else is at it: another job, or a switch
    END IF;
    PERFORM ledger_forget_switch();
    -- Transfers before postings, as ledger_post reads them in every part; gifts write to this month's part alone.
    FOREACH which IN ARRAY ARRAY['transfer', 'posting'] LOOP
        SELECT max(m.until) INTO since FROM ledger_months() m WHERE m.kind = which;
        CONTINUE WHEN since IS NULL OR since >= goal;
        until := ledger_settle_late(which, since, goal);
        IF until > since THEN
            RETURN NEXT which || to_char(since AT TIME ZONE 'UTC', '_YYYY_MM');
        END IF;
        WHILE until < goal LOOP
            RETURN NEXT which || to_char(until AT TIME ZONE 'UTC', '_YYYY_MM');
            PERFORM ledger_add_part(which, which || to_char(until AT TIME ZONE 'UTC', '_YYYY_MM'),
                format('FOR VALUES FROM (%L) TO (%L)', until, ledger_month(until, 1)));
            until := ledger_month(until, 1);
        END LOOP;
    END LOOP;
END $$;

-- Turn a plain table into the first part of a table of parts, which takes its name, its rights and its place.
-- What makes it quick was made beforehand, while sends went on: the unique index `first_<kind>_id_moment`, and the
-- proven constraint `first_<kind>_until`, without which attaching would read every row.
CREATE FUNCTION ledger_begin_parts(kind text, until timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    whole text := 'ledger_' || kind;
    first text := kind || '_first';
    key_name text;
    next_id bigint;
    line text;
BEGIN
    EXECUTE format('SELECT last_value + is_called::int FROM %s', pg_get_serial_sequence('public.' || whole, 'id'))
    INTO next_id;
    SELECT conname INTO key_name FROM pg_constraint WHERE conrelid = to_regclass('public.' || whole) AND contype = 'p';
    EXECUTE format('ALTER TABLE public.%I ALTER COLUMN id DROP IDENTITY', whole);
    EXECUTE format('CREATE SEQUENCE public.%I START %s', whole || '_id_seq', next_id);
    EXECUTE format('ALTER TABLE public.%I DROP CONSTRAINT %I', whole, key_name);
    EXECUTE format('ALTER TABLE public.%I ADD PRIMARY KEY USING INDEX %I', whole, 'first_' || kind || '_id_moment');
    EXECUTE format('ALTER TABLE public.%I ALTER COLUMN id SET DEFAULT nextval(%L)', whole, 'public.' || whole || '_id_seq');
    EXECUTE format('ALTER TABLE public.%I RENAME TO %I', whole, first);
    EXECUTE format('ALTER TABLE public.%I SET SCHEMA ledger', first);

    EXECUTE format('CREATE TABLE public.%I (LIKE ledger.%I INCLUDING ALL EXCLUDING INDEXES)'
                   ' PARTITION BY RANGE (created_at)', whole, first);
    EXECUTE format('ALTER TABLE public.%I DROP CONSTRAINT %I', whole, 'first_' || kind || '_until');
    EXECUTE format('ALTER SEQUENCE public.%I OWNED BY public.%I.id', whole || '_id_seq', whole);
    EXECUTE format('ALTER TABLE public.%I ADD CONSTRAINT %I PRIMARY KEY (id, created_at)', whole, key_name);
    -- The same indexes under the same names: attaching finds those of the first part and builds none.
    FOR line IN SELECT replace(pg_get_indexdef(i.indexrelid), format(' ON ledger.%I ', first), format(' ON public.%I ', whole))
                FROM pg_index i WHERE i.indrelid = to_regclass('ledger.' || first) AND NOT i.indisprimary LOOP
        EXECUTE line;
    END LOOP;
    EXECUTE format('ALTER TABLE public.%I ATTACH PARTITION ledger.%I FOR VALUES FROM (MINVALUE) TO (%L)',
                   whole, first, until);
    EXECUTE format('ALTER TABLE ledger.%I DROP CONSTRAINT %I', first, 'first_' || kind || '_until');
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE OR TRUNCATE ON public.%I'
                   ' FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change()', kind || '_append_only', whole);
    -- Who could read goes on reading, from the first moment.
    FOR line IN SELECT format('GRANT %s ON public.%I TO %s', r.privilege_type, whole,
                              CASE r.grantee WHEN 0 THEN 'PUBLIC' ELSE r.grantee::regrole::text END)
                FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) r
                WHERE c.oid = to_regclass('ledger.' || first) AND r.grantee <> c.relowner LOOP
        EXECUTE line;
    END LOOP;
    PERFORM ledger_add_part(kind, kind || '_late', 'DEFAULT');
END $$;

-- Switch: what there is becomes the first part, which ends with `until`. What comes after it would lie in the late part:
-- call ledger_make_months next. Run both through `manage.py partition_ledger`, which prepares the switch.
CREATE FUNCTION ledger_partition(until timestamptz) RETURNS void LANGUAGE plpgsql SET lock_timeout = '500ms' AS $$
BEGIN
    IF until <> ledger_month(until) OR until <= clock_timestamp() THEN
        RAISE EXCEPTION 'the first part ends when a coming month begins, not at %', until;
    END IF;
    CREATE SCHEMA IF NOT EXISTS ledger;
    -- Postings before transfers, as every send writes them. Where somebody holds them the other way round, the
    -- time for a lock is over before PostgreSQL would look for a deadlock and end a send.
    LOCK TABLE ledger_posting, ledger_transfer IN ACCESS EXCLUSIVE MODE;
    PERFORM ledger_begin_parts('posting', until);
    PERFORM ledger_begin_parts('transfer', until);
END $$;

-- Forget old keys of gifts: read `most` keys with this beginning that follow `after`, delete those of before `moment`,
-- and return the last key read (null at the end) and how many were deleted.
--
-- A gift's own number stays unique among the gifts, and that is what a press that comes again meets first. The claim
-- on a reversal stays as long as the key that could be reversed; without that key nothing can be.
CREATE FUNCTION ledger_prune_keys(beginning text, moment timestamptz, after text, most int)
RETURNS TABLE (reached text, pruned bigint) LANGUAGE plpgsql AS $$
BEGIN
    IF beginning NOT IN ('gift:', 'undo:', 'reverses:gift:') THEN
        RAISE EXCEPTION 'keys that begin with % are kept for ever', beginning USING ERRCODE = 'restrict_violation';
    ELSIF moment > clock_timestamp() - interval '90 days' THEN
        RAISE EXCEPTION 'keys are kept for 90 days at least' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN QUERY
    WITH read AS (
        SELECT k.key, k.created_at FROM ledger_key k
        WHERE k.key > greatest(after COLLATE "C", beginning) AND k.key < rtrim(beginning, ':') || ';'  -- the next sign
        ORDER BY k.key LIMIT most
    ), gone AS (
        DELETE FROM ledger_key k USING read r
        WHERE k.key = r.key AND r.created_at < moment AND (beginning = 'gift:' OR NOT EXISTS (
            SELECT 1 FROM ledger_key g WHERE g.key = 'gift:' || substr(r.key, length(beginning) + 1)))
        RETURNING 1
    )
    SELECT (SELECT max(r.key) FROM read r)::text, (SELECT count(*) FROM gone);
END $$;
