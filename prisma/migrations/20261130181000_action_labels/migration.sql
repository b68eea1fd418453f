-- AlterTable
ALTER TABLE "action" ADD COLUMN     "is_live" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "notes" TEXT NOT NULL DEFAULT '';

-- CreateTable
CREATE TABLE "action_label" (
    "workspace_id" UUID NOT NULL,
    "action_id" UUID NOT NULL,
    "label_id" UUID NOT NULL,

    CONSTRAINT "action_label_pkey" PRIMARY KEY ("action_id","label_id")
);

-- CreateTable
CREATE TABLE "version_action" (
    "workspace_id" UUID NOT NULL,
    "version_id" UUID NOT NULL,
    "action_id" UUID NOT NULL,

    CONSTRAINT "version_action_pkey" PRIMARY KEY ("version_id","action_id")
);

-- CreateIndex
CREATE INDEX "action_label_workspace_id_label_id_idx" ON "action_label"("workspace_id", "label_id");

-- CreateIndex
CREATE INDEX "version_action_workspace_id_action_id_idx" ON "version_action"("workspace_id", "action_id");

-- AddForeignKey
ALTER TABLE "action_label" ADD CONSTRAINT "action_label_workspace_id_action_id_fkey" FOREIGN KEY ("workspace_id", "action_id") REFERENCES "action"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "action_label" ADD CONSTRAINT "action_label_workspace_id_label_id_fkey" FOREIGN KEY ("workspace_id", "label_id") REFERENCES "label"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "version_action" ADD CONSTRAINT "version_action_workspace_id_version_id_fkey" FOREIGN KEY ("workspace_id", "version_id") REFERENCES "version"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What each version changed of each action, against the one before it.
WITH piece AS (
    SELECT v."workspace_id", v."id" AS version_id, v."number", entry."id" AS action_id, entry."hash"
    FROM "version" AS v
    CROSS JOIN LATERAL jsonb_to_recordset(v."manifest") AS entry("kind" text, "id" text, "hash" text)
    WHERE entry."kind" = 'action'
), changed AS (
    SELECT now."workspace_id", now.version_id, now.action_id
    FROM piece AS now
    LEFT JOIN piece AS before ON before."workspace_id" = now."workspace_id"
        AND before."number" = now."number" - 1 AND before.action_id = now.action_id
    WHERE now."hash" IS DISTINCT FROM before."hash"
    UNION ALL
    SELECT before."workspace_id", v."id", before.action_id
    FROM piece AS before
    JOIN "version" AS v ON v."workspace_id" = before."workspace_id" AND v."number" = before."number" + 1
    LEFT JOIN piece AS now ON now.version_id = v."id" AND now.action_id = before.action_id
    WHERE now.action_id IS NULL
)
INSERT INTO "version_action" ("workspace_id", "version_id", "action_id")
SELECT "workspace_id", version_id, action_id::uuid FROM changed;

-- What runs: the actions that the live version has on, with a connector and a data source that are on.
WITH piece AS (
    SELECT w."id" AS workspace_id, entry."kind", entry."id", d."body"
    FROM "workspace" AS w
    JOIN "version" AS v ON v."workspace_id" = w."id" AND v."number" = w."live_version"
    CROSS JOIN LATERAL jsonb_to_recordset(v."manifest") AS entry("kind" text, "id" text, "hash" text)
    JOIN "document" AS d ON d."workspace_id" = w."id" AND d."hash" = entry."hash"
    WHERE entry."kind" IN ('source', 'connector', 'action')
)
UPDATE "action" SET "is_live" = true
FROM piece AS a
JOIN piece AS c ON c.workspace_id = a.workspace_id AND c."kind" = 'connector' AND c."id" = a."body" ->> 'connectorId'
JOIN piece AS s ON s.workspace_id = a.workspace_id AND s."kind" = 'source' AND s."id" = a."body" ->> 'dataSourceId'
WHERE a."kind" = 'action' AND "action"."workspace_id" = a.workspace_id AND "action"."id"::text = a."id"
    AND a."body" -> 'isEnabled' = 'true' AND c."body" -> 'isEnabled' = 'true'
    AND coalesce(s."body" -> 'isEnabled', 'true') = 'true';
