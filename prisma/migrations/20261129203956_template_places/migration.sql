-- AlterTable
ALTER TABLE "delivery_exception" ADD COLUMN     "template_place" JSONB;
