package dev.troupe.actors;

/** Names a version within its tenant. */
record VersionKey(String functionId, String sha256) {}
