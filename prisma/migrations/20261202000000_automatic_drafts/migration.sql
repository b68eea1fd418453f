-- AlterTable: those that were put aside until now stay, since nobody can tell which of them people want.
ALTER TABLE "draft" ADD COLUMN     "is_automatic" BOOLEAN NOT NULL DEFAULT false;
