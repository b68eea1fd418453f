-- CreateEnum
CREATE TYPE "attribute_type" AS ENUM ('string', 'number', 'boolean', 'date', 'stringArray', 'numberArray', 'booleanArray');

-- AlterTable
ALTER TABLE "data_source" ADD COLUMN     "ignored_columns" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- CreateTable
CREATE TABLE "attribute" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "type" "attribute_type" NOT NULL,
    "notes" TEXT NOT NULL DEFAULT '',
    "revision" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "attribute_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "attribute_workspace_id_id_key" ON "attribute"("workspace_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "attribute_workspace_id_name_key" ON "attribute"("workspace_id", "name");

-- AddForeignKey
ALTER TABLE "attribute" ADD CONSTRAINT "attribute_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Every column feeds an attribute of its own name. Where sources of a workspace have it in several types, the oldest
-- source's counts: the others go on as they are, and are asked for another attribute when they are checked.
INSERT INTO "attribute" ("id", "workspace_id", "name", "type", "updated_at")
SELECT DISTINCT ON (s."workspace_id", c ->> 'name')
  gen_random_uuid(), s."workspace_id", c ->> 'name', (c ->> 'type')::"attribute_type", now()
FROM "data_source" AS s, jsonb_array_elements(s."columns") AS c
ORDER BY s."workspace_id", c ->> 'name', s."created_at", s."id";
