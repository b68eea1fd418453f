-- CreateEnum
CREATE TYPE "template_kind" AS ENUM ('HEADER', 'URL', 'URL_PARAMETERS', 'BODY', 'CUSTOM');

-- CreateEnum
CREATE TYPE "template_format" AS ENUM ('TEXT', 'JSON');

-- AlterTable
ALTER TABLE "action" ADD COLUMN     "template_variables" JSONB NOT NULL DEFAULT '[]';

-- CreateTable
CREATE TABLE "template" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "action_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "kind" "template_kind" NOT NULL,
    "format" "template_format" NOT NULL DEFAULT 'TEXT',
    "source" TEXT NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "template_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "template_workspace_id_id_key" ON "template"("workspace_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "template_action_id_name_key" ON "template"("action_id", "name");

-- AddForeignKey
ALTER TABLE "template" ADD CONSTRAINT "template_workspace_id_action_id_fkey" FOREIGN KEY ("workspace_id", "action_id") REFERENCES "action"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
