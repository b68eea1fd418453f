-- AlterTable
ALTER TABLE "workspace" ALTER COLUMN "wrapped_key" DROP NOT NULL;

-- CreateTable
CREATE TABLE "deleted_workspace" (
    "id" UUID NOT NULL,
    "key_fingerprint" BYTEA NOT NULL,
    "key_destroyed_at" TIMESTAMPTZ(3) NOT NULL,
    "rows_gone_at" TIMESTAMPTZ(3),

    CONSTRAINT "deleted_workspace_pkey" PRIMARY KEY ("id")
);
