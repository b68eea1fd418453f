-- Deleted in the working copy: what runs, and what has run, keeps the row; its name is free.
DROP INDEX "data_source_connection_workspace_id_name_key";
ALTER TABLE "data_source_connection" ADD COLUMN "deleted_at" TIMESTAMPTZ(3);
CREATE UNIQUE INDEX "data_source_connection_workspace_id_name_key" ON "data_source_connection"("workspace_id", "name") WHERE "deleted_at" IS NULL;

DROP INDEX "data_source_workspace_id_name_key";
ALTER TABLE "data_source" ADD COLUMN "deleted_at" TIMESTAMPTZ(3);
CREATE UNIQUE INDEX "data_source_workspace_id_name_key" ON "data_source"("workspace_id", "name") WHERE "deleted_at" IS NULL;

DROP INDEX "segment_workspace_id_name_key";
ALTER TABLE "segment" ADD COLUMN "deleted_at" TIMESTAMPTZ(3);
CREATE UNIQUE INDEX "segment_workspace_id_name_key" ON "segment"("workspace_id", "name") WHERE "deleted_at" IS NULL;

DROP INDEX "connector_workspace_id_name_key";
ALTER TABLE "connector" ADD COLUMN "deleted_at" TIMESTAMPTZ(3);
CREATE UNIQUE INDEX "connector_workspace_id_name_key" ON "connector"("workspace_id", "name") WHERE "deleted_at" IS NULL;

DROP INDEX "action_workspace_id_name_key";
ALTER TABLE "action" ADD COLUMN "deleted_at" TIMESTAMPTZ(3);
CREATE UNIQUE INDEX "action_workspace_id_name_key" ON "action"("workspace_id", "name") WHERE "deleted_at" IS NULL;

-- Versions have names: those that there are get what new ones get by default.
ALTER TABLE "version" ADD COLUMN "name" TEXT;
UPDATE "version" SET "name" = to_char("published_at" AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS "UTC"');
ALTER TABLE "version" ALTER COLUMN "name" SET NOT NULL;
ALTER TABLE "version" ADD COLUMN "actor_kind" "actor_kind",
ADD COLUMN "actor_id" TEXT,
ADD COLUMN "actor_name" TEXT;
CREATE UNIQUE INDEX "version_workspace_id_id_key" ON "version"("workspace_id", "id");

CREATE TABLE "version_connector" (
    "workspace_id" UUID NOT NULL,
    "version_id" UUID NOT NULL,
    "connector_id" UUID NOT NULL,

    CONSTRAINT "version_connector_pkey" PRIMARY KEY ("version_id","connector_id")
);
CREATE INDEX "version_connector_workspace_id_connector_id_idx" ON "version_connector"("workspace_id", "connector_id");
ALTER TABLE "version_connector" ADD CONSTRAINT "version_connector_workspace_id_version_id_fkey" FOREIGN KEY ("workspace_id", "version_id") REFERENCES "version"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What each version changed of each connector, against the one before it.
WITH piece AS (
    SELECT v."workspace_id", v."id" AS version_id, v."number", entry."kind", entry."id", entry."hash",
        CASE entry."kind" WHEN 'connector' THEN entry."id" ELSE d."body" ->> 'connectorId' END AS connector_id
    FROM "version" AS v
    CROSS JOIN LATERAL jsonb_to_recordset(v."manifest") AS entry("kind" text, "id" text, "hash" text)
    JOIN "document" AS d ON d."workspace_id" = v."workspace_id" AND d."hash" = entry."hash"
    WHERE entry."kind" IN ('connector', 'action')
), content AS (
    SELECT "workspace_id", version_id, "number", connector_id, string_agg("hash", ',' ORDER BY "id") AS hashes
    FROM piece GROUP BY "workspace_id", version_id, "number", connector_id
), pair AS (
    SELECT v."workspace_id", v."id" AS version_id, c.connector_id
    FROM "version" AS v
    JOIN (SELECT DISTINCT "workspace_id", connector_id FROM content) AS c ON c."workspace_id" = v."workspace_id"
    LEFT JOIN content AS now ON now.version_id = v."id" AND now.connector_id = c.connector_id
    LEFT JOIN content AS before ON before."workspace_id" = v."workspace_id" AND before."number" = v."number" - 1
        AND before.connector_id = c.connector_id
    WHERE now.hashes IS DISTINCT FROM before.hashes
)
INSERT INTO "version_connector" ("workspace_id", "version_id", "connector_id")
SELECT "workspace_id", version_id, connector_id::uuid FROM pair;

CREATE TABLE "draft" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "manifest" JSONB NOT NULL,
    "actor_kind" "actor_kind",
    "actor_id" TEXT,
    "actor_name" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "draft_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "draft_workspace_id_id_key" ON "draft"("workspace_id", "id");
ALTER TABLE "draft" ADD CONSTRAINT "draft_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;
