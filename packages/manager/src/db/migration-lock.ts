// Arbitrary but fixed: advisory locks are numbers shared by everybody who uses this database.
export const MIGRATION_LOCK = 719_265_301
export const LEADER_LOCK = 719_265_302
