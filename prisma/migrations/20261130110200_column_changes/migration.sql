-- AlterTable
ALTER TABLE "source_progress" ADD COLUMN "column_changes" JSONB NOT NULL DEFAULT '[]';
