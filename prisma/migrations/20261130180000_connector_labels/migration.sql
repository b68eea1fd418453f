-- AlterTable
ALTER TABLE "connector" ADD COLUMN     "notes" TEXT NOT NULL DEFAULT '';

-- CreateTable
CREATE TABLE "connector_label" (
    "workspace_id" UUID NOT NULL,
    "connector_id" UUID NOT NULL,
    "label_id" UUID NOT NULL,

    CONSTRAINT "connector_label_pkey" PRIMARY KEY ("connector_id","label_id")
);

-- CreateTable
CREATE TABLE "favourite_connector" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "connector_id" UUID NOT NULL,
    "user_id" UUID,

    CONSTRAINT "favourite_connector_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "connector_label_workspace_id_label_id_idx" ON "connector_label"("workspace_id", "label_id");

-- CreateIndex
CREATE INDEX "favourite_connector_workspace_id_user_id_idx" ON "favourite_connector"("workspace_id", "user_id");

-- CreateIndex
CREATE UNIQUE INDEX "favourite_connector_connector_id_user_id_key" ON "favourite_connector"("connector_id", "user_id");

-- The owner of the installation is no user, and has a favourite once too.
CREATE UNIQUE INDEX "favourite_connector_of_owner_key" ON "favourite_connector"("connector_id") WHERE "user_id" IS NULL;

-- CreateIndex
CREATE INDEX "action_workspace_id_connector_id_idx" ON "action"("workspace_id", "connector_id");

-- AddForeignKey
ALTER TABLE "connector_label" ADD CONSTRAINT "connector_label_workspace_id_connector_id_fkey" FOREIGN KEY ("workspace_id", "connector_id") REFERENCES "connector"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "connector_label" ADD CONSTRAINT "connector_label_workspace_id_label_id_fkey" FOREIGN KEY ("workspace_id", "label_id") REFERENCES "label"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "favourite_connector" ADD CONSTRAINT "favourite_connector_workspace_id_connector_id_fkey" FOREIGN KEY ("workspace_id", "connector_id") REFERENCES "connector"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "favourite_connector" ADD CONSTRAINT "favourite_connector_workspace_id_user_id_fkey" FOREIGN KEY ("workspace_id", "user_id") REFERENCES "member"("workspace_id", "user_id") ON DELETE CASCADE ON UPDATE CASCADE;
