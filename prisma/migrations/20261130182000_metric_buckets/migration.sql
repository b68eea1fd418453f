-- CreateEnum
CREATE TYPE "metric_grain" AS ENUM ('MINUTE', 'HOUR', 'DAY');

-- CreateTable. A partition a grain: the few days that a long range reads do not lie among a thousand times as many
-- minutes.
CREATE TABLE "metric_bucket" (
    "action_id" UUID NOT NULL,
    "grain" "metric_grain" NOT NULL,
    "start" TIMESTAMPTZ(0) NOT NULL,
    "workspace_id" UUID NOT NULL,
    "matched" BIGINT NOT NULL DEFAULT 0,
    "delivered" BIGINT NOT NULL DEFAULT 0,
    "warned" BIGINT NOT NULL DEFAULT 0,
    "saved" BIGINT NOT NULL DEFAULT 0,
    "rejected" BIGINT NOT NULL DEFAULT 0,
    "refused" BIGINT NOT NULL DEFAULT 0,
    "exhausted" BIGINT NOT NULL DEFAULT 0,
    "unknown" BIGINT NOT NULL DEFAULT 0,
    "superseded" BIGINT NOT NULL DEFAULT 0,
    "gone" BIGINT NOT NULL DEFAULT 0,
    "cancelled" BIGINT NOT NULL DEFAULT 0,
    "retries" BIGINT NOT NULL DEFAULT 0,
    "requests" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "metric_bucket_pkey" PRIMARY KEY ("action_id","grain","start")
) PARTITION BY LIST ("grain");

CREATE TABLE "metric_bucket_minute" PARTITION OF "metric_bucket" FOR VALUES IN ('MINUTE');
CREATE TABLE "metric_bucket_hour" PARTITION OF "metric_bucket" FOR VALUES IN ('HOUR');
CREATE TABLE "metric_bucket_day" PARTITION OF "metric_bucket" FOR VALUES IN ('DAY');

-- The minutes that were kept, and the hours and days that they make up.
INSERT INTO "metric_bucket" ("action_id", "grain", "start", "workspace_id",
    "matched", "delivered", "warned", "saved", "rejected", "refused", "exhausted",
    "unknown", "superseded", "gone", "cancelled", "retries", "requests")
SELECT "action_id", "grain", "start", "workspace_id",
    sum("matched"), sum("delivered"), sum("warned"), sum("saved"), sum("rejected"), sum("refused"),
    sum("exhausted"), sum("unknown"), sum("superseded"), sum("gone"), sum("cancelled"), sum("retries"), sum("requests")
FROM (
    SELECT m.*, g."grain", date_trunc(lower(g."grain"::text), m."minute", 'UTC') AS "start"
    FROM "metric_minute" AS m CROSS JOIN unnest(enum_range(NULL::"metric_grain")) AS g("grain")
) AS counted
GROUP BY "action_id", "grain", "start", "workspace_id";

-- DropTable
DROP TABLE "metric_minute";

-- CreateIndex
CREATE INDEX "metric_bucket_workspace_id_start_idx" ON "metric_bucket"("workspace_id", "start");

-- AddForeignKey
ALTER TABLE "metric_bucket" ADD CONSTRAINT "metric_bucket_workspace_id_action_id_fkey" FOREIGN KEY ("workspace_id", "action_id") REFERENCES "action"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
