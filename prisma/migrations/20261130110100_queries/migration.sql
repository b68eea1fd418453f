-- AlterTable
ALTER TABLE "data_source" ADD COLUMN "query" JSONB;

-- The table of before is a query of a table, with all of its rows and columns.
UPDATE "data_source" SET "query" = jsonb_build_object('kind', 'table', 'name', "table_name")
    || CASE WHEN "table_schema" IS NULL THEN '{}' ELSE jsonb_build_object('schema', "table_schema") END;

ALTER TABLE "data_source" ALTER COLUMN "query" SET NOT NULL,
DROP COLUMN "table_name",
DROP COLUMN "table_schema";
