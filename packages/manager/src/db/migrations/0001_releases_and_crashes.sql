ALTER TABLE "deployments" ADD COLUMN "crashes" jsonb;--> statement-breakpoint
ALTER TABLE "releases" ADD COLUMN "image_removed_at" timestamp (3) with time zone;