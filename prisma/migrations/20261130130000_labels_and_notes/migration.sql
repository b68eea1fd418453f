-- AlterTable
ALTER TABLE "segment" ADD COLUMN     "notes" TEXT NOT NULL DEFAULT '';

-- CreateTable
CREATE TABLE "label" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "colour" TEXT NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "label_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "segment_label" (
    "workspace_id" UUID NOT NULL,
    "segment_id" UUID NOT NULL,
    "label_id" UUID NOT NULL,

    CONSTRAINT "segment_label_pkey" PRIMARY KEY ("segment_id","label_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "label_workspace_id_id_key" ON "label"("workspace_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "label_workspace_id_name_key" ON "label"("workspace_id", "name");

-- CreateIndex
CREATE INDEX "segment_label_workspace_id_label_id_idx" ON "segment_label"("workspace_id", "label_id");

-- AddForeignKey
ALTER TABLE "label" ADD CONSTRAINT "label_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "segment_label" ADD CONSTRAINT "segment_label_workspace_id_segment_id_fkey" FOREIGN KEY ("workspace_id", "segment_id") REFERENCES "segment"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "segment_label" ADD CONSTRAINT "segment_label_workspace_id_label_id_fkey" FOREIGN KEY ("workspace_id", "label_id") REFERENCES "label"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
