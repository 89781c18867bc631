ALTER TABLE "releases" ADD COLUMN "lock" jsonb;--> statement-breakpoint
ALTER TABLE "releases" ADD COLUMN "packages_from" text;