-- AlterTable
ALTER TABLE "segment" ADD COLUMN     "rescan" JSONB;

-- AlterTable
ALTER TABLE "lane" ADD COLUMN     "next_rescan_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "delivery" ADD COLUMN     "rescan_since" TIMESTAMPTZ(3);

-- CreateIndex
CREATE INDEX "lane_next_rescan_at_idx" ON "lane"("next_rescan_at");
