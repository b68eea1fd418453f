-- CreateIndex
CREATE INDEX "audit_entry_at_idx" ON "audit_entry"("at");

-- What was recorded is never altered. It goes after 13 months, or with a workspace that was deleted, its key first.
CREATE FUNCTION "keep_audit_entry"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD."at" < now() - interval '13 months' OR EXISTS (
            SELECT FROM "deleted_workspace" WHERE "id" = OLD."workspace_id"
        ) THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION 'The record of changes is not altered.';
END
$$;

CREATE TRIGGER "audit_entry_stays" BEFORE UPDATE OR DELETE ON "audit_entry"
FOR EACH ROW EXECUTE FUNCTION "keep_audit_entry"();

CREATE TRIGGER "audit_entry_stays_whole" BEFORE TRUNCATE ON "audit_entry"
FOR EACH STATEMENT EXECUTE FUNCTION "keep_audit_entry"();
