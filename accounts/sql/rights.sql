-- Every right that staff gain or lose is a row, by whatever way it was given: whoever approves payouts
-- must have had theirs for a while, and superusers are told. The clock is that of the statement: of two
-- changes in one transaction each has its time.
CREATE OR REPLACE FUNCTION accounts_note_rights() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    new_row jsonb := CASE WHEN TG_OP = 'DELETE' THEN '{}' ELSE to_jsonb(NEW) END;
    old_row jsonb := CASE WHEN TG_OP = 'INSERT' THEN '{}' ELSE to_jsonb(OLD) END;
    one jsonb := CASE WHEN TG_OP = 'DELETE' THEN old_row ELSE new_row END;
    given boolean := TG_OP <> 'DELETE';
    flag text;
    had boolean;
    has boolean;
BEGIN
    IF TG_TABLE_NAME = 'accounts_user' THEN
        FOREACH flag IN ARRAY ARRAY['is_staff', 'is_superuser', 'is_active'] LOOP
            had := coalesce((old_row ->> flag)::boolean, flag = 'is_active');
            has := (new_row ->> flag)::boolean;
            IF had <> has THEN
                INSERT INTO accounts_rightschange (user_id, given, what, at, notify_at)
                VALUES (NEW.id, has, flag, clock_timestamp(), clock_timestamp());
            END IF;
        END LOOP;
    ELSIF TG_TABLE_NAME = 'accounts_user_groups' THEN
        INSERT INTO accounts_rightschange (user_id, group_number, given, what, at, notify_at)
        SELECT (one ->> 'user_id')::bigint, (one ->> 'group_id')::int, given,
            'group ' || coalesce((SELECT name FROM auth_group WHERE id = (one ->> 'group_id')::int), '?'),
            clock_timestamp(), clock_timestamp();
    ELSE
        INSERT INTO accounts_rightschange (user_id, group_number, given, what, at, notify_at)
        SELECT (one ->> 'user_id')::bigint, (one ->> 'group_id')::int, given,
            coalesce((SELECT c.app_label || '.' || p.codename FROM auth_permission p
                      JOIN django_content_type c ON c.id = p.content_type_id
                      WHERE p.id = (one ->> 'permission_id')::int), '?'),
            clock_timestamp(), clock_timestamp();
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER note_staff_made AFTER INSERT ON accounts_user
    FOR EACH ROW WHEN (NEW.is_staff OR NEW.is_superuser) EXECUTE FUNCTION accounts_note_rights();
CREATE OR REPLACE TRIGGER note_staff_changed AFTER UPDATE ON accounts_user
    FOR EACH ROW WHEN (OLD.is_staff <> NEW.is_staff OR OLD.is_superuser <> NEW.is_superuser
        OR (OLD.is_active <> NEW.is_active AND (NEW.is_staff OR NEW.is_superuser)))
    EXECUTE FUNCTION accounts_note_rights();
CREATE OR REPLACE TRIGGER note_groups AFTER INSERT OR UPDATE OR DELETE ON accounts_user_groups
    FOR EACH ROW EXECUTE FUNCTION accounts_note_rights();
CREATE OR REPLACE TRIGGER note_rights AFTER INSERT OR UPDATE OR DELETE ON accounts_user_user_permissions
    FOR EACH ROW EXECUTE FUNCTION accounts_note_rights();
CREATE OR REPLACE TRIGGER note_group_rights AFTER INSERT OR UPDATE OR DELETE ON auth_group_permissions
    FOR EACH ROW EXECUTE FUNCTION accounts_note_rights();
