-- CreateTable
CREATE TABLE "keyed_request" (
    "key_hash" BYTEA NOT NULL,
    "input_hash" BYTEA NOT NULL,
    "attempt" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "entity" TEXT NOT NULL,
    "entity_id" UUID NOT NULL,
    "done_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "keyed_request_pkey" PRIMARY KEY ("key_hash")
);

-- CreateIndex
CREATE INDEX "keyed_request_done_at_idx" ON "keyed_request"("done_at");
