-- CreateTable
CREATE TABLE "connector_grant" (
    "connector_id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "sealed" BYTEA NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "connector_grant_pkey" PRIMARY KEY ("connector_id")
);

-- CreateTable
CREATE TABLE "pending_authorization" (
    "state_hash" BYTEA NOT NULL,
    "workspace_id" UUID NOT NULL,
    "connector_id" UUID NOT NULL,
    "verifier" BYTEA NOT NULL,
    "redirect_uri" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "pending_authorization_pkey" PRIMARY KEY ("state_hash")
);

-- CreateIndex
CREATE UNIQUE INDEX "connector_grant_workspace_id_connector_id_key" ON "connector_grant"("workspace_id", "connector_id");

-- CreateIndex
CREATE INDEX "pending_authorization_expires_at_idx" ON "pending_authorization"("expires_at");

-- AddForeignKey
ALTER TABLE "connector_grant" ADD CONSTRAINT "connector_grant_workspace_id_connector_id_fkey" FOREIGN KEY ("workspace_id", "connector_id") REFERENCES "connector"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "pending_authorization" ADD CONSTRAINT "pending_authorization_workspace_id_connector_id_fkey" FOREIGN KEY ("workspace_id", "connector_id") REFERENCES "connector"("workspace_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
