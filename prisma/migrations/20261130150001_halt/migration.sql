-- AlterTable
ALTER TABLE "workspace" ADD COLUMN     "connectors_enabled" BOOLEAN NOT NULL DEFAULT true,
ADD COLUMN     "halted_at" TIMESTAMPTZ(3),
ADD COLUMN     "is_stopped" BOOLEAN NOT NULL DEFAULT false;
