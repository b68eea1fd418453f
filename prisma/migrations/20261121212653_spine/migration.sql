-- CreateEnum
CREATE TYPE "cursor_mode" AS ENUM ('INCREMENTING', 'TIMESTAMP_INCREMENTING');

-- CreateEnum
CREATE TYPE "start_from" AS ENUM ('BEGINNING', 'NOW');

-- CreateEnum
CREATE TYPE "delivery_state" AS ENUM ('PENDING', 'RUNNING', 'WAITING', 'PAUSED', 'COMPLETED', 'CANCELLED');

-- CreateEnum
CREATE TYPE "exception_state" AS ENUM ('WAITING', 'TRYING', 'DEAD');

-- CreateEnum
CREATE TYPE "dead_letter_outcome" AS ENUM ('REJECTED', 'REFUSED', 'EXHAUSTED', 'UNKNOWN');

-- CreateEnum
CREATE TYPE "reporter" AS ENUM ('SLUICE', 'VENDOR');

-- CreateTable
CREATE TABLE "workspace" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "wrapped_key" BYTEA NOT NULL,
    "live_version" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "workspace_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_token" (
    "id" UUID NOT NULL,
    "workspace_id" UUID,
    "name" TEXT NOT NULL,
    "hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "api_token_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "data_source" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "settings" JSONB NOT NULL,
    "secrets" BYTEA,
    "table_schema" TEXT,
    "table_name" TEXT NOT NULL,
    "key_columns" TEXT[],
    "cursor_mode" "cursor_mode" NOT NULL,
    "timestamp_column" TEXT,
    "increment_column" TEXT NOT NULL,
    "time_zone" TEXT NOT NULL DEFAULT 'UTC',
    "settle_ms" INTEGER NOT NULL,
    "poll_interval_ms" INTEGER NOT NULL DEFAULT 2000,
    "columns" JSONB NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "data_source_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "source_progress" (
    "data_source_id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "bound" BYTEA,
    "sequence" INTEGER NOT NULL DEFAULT 0,
    "candidates" BYTEA,
    "polled_at" TIMESTAMPTZ(3),
    "error_code" TEXT,

    CONSTRAINT "source_progress_pkey" PRIMARY KEY ("data_source_id")
);

-- CreateTable
CREATE TABLE "segment" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "conditions" JSONB NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "segment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "segment_source" (
    "workspace_id" UUID NOT NULL,
    "segment_id" UUID NOT NULL,
    "data_source_id" UUID NOT NULL,

    CONSTRAINT "segment_source_pkey" PRIMARY KEY ("segment_id","data_source_id")
);

-- CreateTable
CREATE TABLE "connector" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "settings" JSONB NOT NULL,
    "secrets" BYTEA,
    "is_enabled" BOOLEAN NOT NULL DEFAULT false,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "connector_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "action" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "connector_id" UUID NOT NULL,
    "data_source_id" UUID NOT NULL,
    "segment_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "type_version" INTEGER NOT NULL,
    "mappings" JSONB NOT NULL,
    "start_from" "start_from" NOT NULL DEFAULT 'BEGINNING',
    "retry_delays_ms" INTEGER[],
    "retry_for_ms" INTEGER NOT NULL DEFAULT 86400000,
    "request_timeout_ms" INTEGER NOT NULL DEFAULT 10000,
    "is_enabled" BOOLEAN NOT NULL DEFAULT false,
    "paused_at" TIMESTAMPTZ(3),
    "pause_reason" TEXT,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "action_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "version" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "notes" TEXT NOT NULL,
    "manifest" JSONB NOT NULL,
    "published_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "version_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "document" (
    "workspace_id" UUID NOT NULL,
    "hash" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "body" JSONB NOT NULL,

    CONSTRAINT "document_pkey" PRIMARY KEY ("workspace_id","hash")
);

-- CreateTable
CREATE TABLE "lane" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "action_id" UUID NOT NULL,
    "data_source_id" UUID NOT NULL,
    "position" BYTEA,
    "sequence" INTEGER NOT NULL DEFAULT 0,
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
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "lane_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "delivery" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "lane_id" UUID NOT NULL,
    "action_id" UUID NOT NULL,
    "sequence" INTEGER NOT NULL,
    "version_number" INTEGER NOT NULL,
    "plugin_version" TEXT NOT NULL,
    "after" BYTEA,
    "until" BYTEA NOT NULL,
    "state" "delivery_state" NOT NULL DEFAULT 'PENDING',
    "is_first_pass_done" BOOLEAN NOT NULL DEFAULT false,
    "pass" INTEGER NOT NULL DEFAULT 0,
    "commit_sequence" INTEGER NOT NULL DEFAULT 0,
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
    "waiting_until" TIMESTAMPTZ(3),
    "error_code" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_commit_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "completed_at" TIMESTAMPTZ(3),

    CONSTRAINT "delivery_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "slice" (
    "delivery_id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "index" INTEGER NOT NULL,
    "boundary" BYTEA NOT NULL,
    "matched" INTEGER NOT NULL,
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "slice_pkey" PRIMARY KEY ("delivery_id","index")
);

-- CreateTable
CREATE TABLE "delivery_exception" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "delivery_id" UUID NOT NULL,
    "slice" INTEGER NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "position" BYTEA NOT NULL,
    "last_position" BYTEA,
    "count" INTEGER NOT NULL DEFAULT 1,
    "recipient_hash" BYTEA,
    "state" "exception_state" NOT NULL,
    "outcome" "dead_letter_outcome",
    "reporter" "reporter" NOT NULL,
    "code" TEXT NOT NULL,
    "parameter_path" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "first_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "due_at" TIMESTAMPTZ(3),
    "claim_pass" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "delivery_exception_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "metric_minute" (
    "action_id" UUID NOT NULL,
    "minute" TIMESTAMPTZ(0) NOT NULL,
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

    CONSTRAINT "metric_minute_pkey" PRIMARY KEY ("action_id","minute")
);

-- CreateIndex
CREATE UNIQUE INDEX "workspace_name_key" ON "workspace"("name");

-- CreateIndex
CREATE UNIQUE INDEX "api_token_hash_key" ON "api_token"("hash");

-- CreateIndex
CREATE UNIQUE INDEX "data_source_workspace_id_id_key" ON "data_source"("workspace_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "data_source_workspace_id_name_key" ON "data_source"("workspace_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "source_progress_workspace_id_data_source_id_key" ON "source_progress"("workspace_id", "data_source_id");

-- CreateIndex
CREATE UNIQUE INDEX "segment_workspace_id_id_key" ON "segment"("workspace_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "segment_workspace_id_name_key" ON "segment"("workspace_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "connector_workspace_id_id_key" ON "connector"("workspace_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "connector_workspace_id_name_key" ON "connector"("workspace_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "action_workspace_id_id_key" ON "action"("workspace_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "action_workspace_id_name_key" ON "action"("workspace_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "version_workspace_id_number_key" ON "version"("workspace_id", "number");

-- CreateIndex
CREATE UNIQUE INDEX "lane_workspace_id_id_key" ON "lane"("workspace_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "lane_action_id_data_source_id_key" ON "lane"("action_id", "data_source_id");

-- CreateIndex
CREATE INDEX "delivery_workspace_id_action_id_id_idx" ON "delivery"("workspace_id", "action_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "delivery_workspace_id_id_key" ON "delivery"("workspace_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "delivery_lane_id_sequence_key" ON "delivery"("lane_id", "sequence");

-- CreateIndex
CREATE INDEX "delivery_exception_delivery_id_state_due_at_idx" ON "delivery_exception"("delivery_id", "state", "due_at");

-- AddForeignKey
ALTER TABLE "api_token" ADD CONSTRAINT "api_token_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "data_source" ADD CONSTRAINT "data_source_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "source_progress" ADD CONSTRAINT "source_progress_workspace_id_data_source_id_fkey" FOREIGN KEY ("workspace_id", "data_source_id") REFERENCES "data_source"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "segment" ADD CONSTRAINT "segment_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "segment_source" ADD CONSTRAINT "segment_source_workspace_id_segment_id_fkey" FOREIGN KEY ("workspace_id", "segment_id") REFERENCES "segment"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "segment_source" ADD CONSTRAINT "segment_source_workspace_id_data_source_id_fkey" FOREIGN KEY ("workspace_id", "data_source_id") REFERENCES "data_source"("workspace_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "connector" ADD CONSTRAINT "connector_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "action" ADD CONSTRAINT "action_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "action" ADD CONSTRAINT "action_workspace_id_connector_id_fkey" FOREIGN KEY ("workspace_id", "connector_id") REFERENCES "connector"("workspace_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "action" ADD CONSTRAINT "action_workspace_id_data_source_id_fkey" FOREIGN KEY ("workspace_id", "data_source_id") REFERENCES "data_source"("workspace_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "action" ADD CONSTRAINT "action_workspace_id_segment_id_fkey" FOREIGN KEY ("workspace_id", "segment_id") REFERENCES "segment"("workspace_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "version" ADD CONSTRAINT "version_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "document" ADD CONSTRAINT "document_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "lane" ADD CONSTRAINT "lane_workspace_id_action_id_fkey" FOREIGN KEY ("workspace_id", "action_id") REFERENCES "action"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "lane" ADD CONSTRAINT "lane_workspace_id_data_source_id_fkey" FOREIGN KEY ("workspace_id", "data_source_id") REFERENCES "data_source"("workspace_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_workspace_id_lane_id_fkey" FOREIGN KEY ("workspace_id", "lane_id") REFERENCES "lane"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_workspace_id_action_id_fkey" FOREIGN KEY ("workspace_id", "action_id") REFERENCES "action"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "slice" ADD CONSTRAINT "slice_workspace_id_delivery_id_fkey" FOREIGN KEY ("workspace_id", "delivery_id") REFERENCES "delivery"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "delivery_exception" ADD CONSTRAINT "delivery_exception_workspace_id_delivery_id_fkey" FOREIGN KEY ("workspace_id", "delivery_id") REFERENCES "delivery"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "metric_minute" ADD CONSTRAINT "metric_minute_workspace_id_action_id_fkey" FOREIGN KEY ("workspace_id", "action_id") REFERENCES "action"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
