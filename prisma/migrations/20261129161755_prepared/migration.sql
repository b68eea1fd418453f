-- CreateEnum
CREATE TYPE "preparation_state" AS ENUM ('RUNNING', 'DONE', 'UNKNOWN', 'FAILED');

-- CreateTable
CREATE TABLE "preparation" (
    "workspace_id" UUID NOT NULL,
    "action_id" UUID NOT NULL,
    "connector_id" UUID NOT NULL,
    "type" TEXT NOT NULL,
    "state" "preparation_state" NOT NULL,
    "attempt" INTEGER NOT NULL,
    "error_code" TEXT,
    "outputs" BYTEA,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "preparation_pkey" PRIMARY KEY ("action_id","connector_id","type")
);

-- AddForeignKey
ALTER TABLE "preparation" ADD CONSTRAINT "preparation_workspace_id_action_id_fkey" FOREIGN KEY ("workspace_id", "action_id") REFERENCES "action"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "preparation" ADD CONSTRAINT "preparation_workspace_id_connector_id_fkey" FOREIGN KEY ("workspace_id", "connector_id") REFERENCES "connector"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
