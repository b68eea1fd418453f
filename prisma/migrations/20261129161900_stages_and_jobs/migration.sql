-- AlterTable
ALTER TABLE "delivery_exception" ADD COLUMN     "job" BYTEA,
ADD COLUMN     "stage" INTEGER NOT NULL DEFAULT 0;
