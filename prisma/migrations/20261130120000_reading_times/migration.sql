-- AlterEnum
ALTER TYPE "cursor_mode" ADD VALUE 'TIMESTAMP';
ALTER TYPE "cursor_mode" ADD VALUE 'FULL_RESYNC';

-- AlterTable
ALTER TABLE "data_source" ADD COLUMN     "batch_rows" INTEGER DEFAULT 100000,
ADD COLUMN     "is_enabled" BOOLEAN NOT NULL DEFAULT true,
ADD COLUMN     "is_read" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "resync_limit" INTEGER,
ADD COLUMN     "schedule" JSONB NOT NULL DEFAULT '{"kind":"CONTINUOUS"}',
ALTER COLUMN "increment_column" DROP NOT NULL;

-- AlterTable
ALTER TABLE "lane" ADD COLUMN     "generation" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "starts" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "source_progress" ADD COLUMN     "generation" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "generation_rows" INTEGER,
ADD COLUMN     "generation_started_at" TIMESTAMPTZ(3),
ADD COLUMN     "last_skipped_at" TIMESTAMPTZ(3),
ADD COLUMN     "next_run_at" TIMESTAMPTZ(3),
ADD COLUMN     "run_started_at" TIMESTAMPTZ(3),
ADD COLUMN     "scheduled_by" TEXT,
ADD COLUMN     "skipped_runs" INTEGER NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "source_row_error" (
    "data_source_id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "code" TEXT NOT NULL,
    "count" BIGINT NOT NULL,
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "source_row_error_pkey" PRIMARY KEY ("data_source_id","code")
);

-- AddForeignKey
ALTER TABLE "source_row_error" ADD CONSTRAINT "source_row_error_workspace_id_data_source_id_fkey" FOREIGN KEY ("workspace_id", "data_source_id") REFERENCES "data_source"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What the versions that run read: actions that are on, under connectors that are on.
UPDATE "data_source" AS d SET "is_read" = true
FROM "workspace" AS w JOIN "version" AS v ON v."workspace_id" = w."id" AND v."number" = w."live_version"
WHERE w."id" = d."workspace_id" AND EXISTS (
    SELECT FROM jsonb_array_elements(v."manifest") AS a
    JOIN "document" AS action ON action."workspace_id" = w."id" AND action."hash" = a->>'hash'
    JOIN jsonb_array_elements(v."manifest") AS c ON c->>'kind' = 'connector' AND c->>'id' = action."body"->>'connectorId'
    JOIN "document" AS connector ON connector."workspace_id" = w."id" AND connector."hash" = c->>'hash'
    WHERE a->>'kind' = 'action' AND action."body"->>'dataSourceId' = d."id"::text
      AND (action."body"->>'isEnabled')::boolean AND (connector."body"->>'isEnabled')::boolean
);
