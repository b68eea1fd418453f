-- CreateTable
CREATE TABLE "error_bucket" (
    "action_id" UUID NOT NULL,
    "grain" "metric_grain" NOT NULL,
    "start" TIMESTAMPTZ(0) NOT NULL,
    "workspace_id" UUID NOT NULL,
    "reporter" "reporter" NOT NULL,
    "outcome" "dead_letter_outcome" NOT NULL,
    "code" TEXT NOT NULL,
    "parameter_path" TEXT NOT NULL,
    "template" TEXT NOT NULL,
    "template_line" INTEGER NOT NULL,
    "template_column" INTEGER NOT NULL,
    "count" BIGINT NOT NULL,
    "first_at" TIMESTAMPTZ(3) NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "error_bucket_pkey" PRIMARY KEY ("action_id","grain","start","reporter","outcome","code","parameter_path","template","template_line","template_column")
);

-- CreateIndex
CREATE INDEX "error_bucket_workspace_id_grain_start_idx" ON "error_bucket"("workspace_id", "grain", "start");

-- AddForeignKey
ALTER TABLE "error_bucket" ADD CONSTRAINT "error_bucket_workspace_id_action_id_fkey" FOREIGN KEY ("workspace_id", "action_id") REFERENCES "action"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- The dead letters that are kept, by the time at which they were recorded. What is at fault in a list is one class.
INSERT INTO "error_bucket" ("action_id", "grain", "start", "workspace_id", "reporter", "outcome", "code",
    "parameter_path", "template", "template_line", "template_column", "count", "first_at", "last_at")
SELECT d."action_id", g."grain", date_trunc(lower(g."grain"::text), e."created_at", 'UTC'), d."workspace_id",
    e."reporter", e."outcome", e."code",
    left(coalesce(regexp_replace(e."parameter_path", '(^|\.)[0-9]+(?=\.|$)', '\1*', 'g'), ''), 300),
    left(coalesce(e."template_place" ->> 'template', ''), 300), coalesce((e."template_place" ->> 'line')::int, 0),
    coalesce((e."template_place" ->> 'column')::int, 0), sum(e."count"), min(e."created_at"), max(e."created_at")
FROM "delivery_exception" AS e
JOIN "delivery" AS d ON d."id" = e."delivery_id"
CROSS JOIN unnest(enum_range(NULL::"metric_grain")) AS g("grain")
WHERE e."state" = 'DEAD' AND e."outcome" IS NOT NULL
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11;
