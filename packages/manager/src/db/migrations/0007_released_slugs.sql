CREATE TABLE "released_slugs" (
	"slug" text PRIMARY KEY NOT NULL,
	"owner_id" uuid NOT NULL,
	"released_at" timestamp (3) with time zone NOT NULL
);
