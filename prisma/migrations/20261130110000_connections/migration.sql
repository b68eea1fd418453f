-- CreateTable
CREATE TABLE "data_source_connection" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "settings" JSONB NOT NULL,
    "secrets" BYTEA,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "data_source_connection_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "data_source_connection_workspace_id_id_key" ON "data_source_connection"("workspace_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "data_source_connection_workspace_id_name_key" ON "data_source_connection"("workspace_id", "name");

-- AddForeignKey
ALTER TABLE "data_source_connection" ADD CONSTRAINT "data_source_connection_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Every data source gets a connection of its own, by its own id: versions published until now have the connection
-- within the source, and are read as naming this one.
INSERT INTO "data_source_connection" ("id", "workspace_id", "name", "type", "settings", "secrets", "created_at", "updated_at")
SELECT "id", "workspace_id", "name", "type", "settings", "secrets", "created_at", "updated_at" FROM "data_source";

-- AlterTable
ALTER TABLE "data_source" ADD COLUMN "connection_id" UUID;
UPDATE "data_source" SET "connection_id" = "id";
ALTER TABLE "data_source" ALTER COLUMN "connection_id" SET NOT NULL,
DROP COLUMN "secrets",
DROP COLUMN "settings",
DROP COLUMN "type";

-- AddForeignKey
ALTER TABLE "data_source" ADD CONSTRAINT "data_source_workspace_id_connection_id_fkey" FOREIGN KEY ("workspace_id", "connection_id") REFERENCES "data_source_connection"("workspace_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
