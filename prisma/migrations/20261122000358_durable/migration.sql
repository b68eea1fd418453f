-- AlterTable
ALTER TABLE "action" ADD COLUMN     "apply_within_ms" INTEGER;

-- AlterTable
ALTER TABLE "delivery" ADD COLUMN     "is_released" BOOLEAN NOT NULL DEFAULT true,
ADD COLUMN     "lease_until" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "delivery_exception" ADD COLUMN     "lane_id" UUID,
ADD COLUMN     "lane_sequence" INTEGER,
ADD COLUMN     "quarantined_until" TIMESTAMPTZ(3),
ADD COLUMN     "row_hash" BYTEA,
ADD COLUMN     "started_at" TIMESTAMPTZ(3),
ALTER COLUMN "first_at" DROP NOT NULL,
ALTER COLUMN "first_at" DROP DEFAULT;

-- Exceptions that exist take their lane from their delivery.
UPDATE "delivery_exception" AS e SET "lane_id" = d."lane_id", "lane_sequence" = d."sequence"
FROM "delivery" AS d WHERE d."id" = e."delivery_id";

-- AlterTable
ALTER TABLE "delivery_exception" ALTER COLUMN "lane_id" SET NOT NULL,
ALTER COLUMN "lane_sequence" SET NOT NULL;

-- AlterTable
ALTER TABLE "slice" ADD COLUMN     "started" BYTEA[];

-- AlterTable
ALTER TABLE "source_progress" ADD COLUMN     "null_positions" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "null_positions_at" TIMESTAMPTZ(3);

-- CreateIndex
CREATE INDEX "delivery_exception_lane_id_state_recipient_hash_idx" ON "delivery_exception"("lane_id", "state", "recipient_hash");

-- CreateIndex
CREATE INDEX "delivery_exception_lane_id_quarantined_until_idx" ON "delivery_exception"("lane_id", "quarantined_until");
