package dev.troupe.engine.oracle;

/**
 * What a guest has thrown.
 *
 * @param values what it carries
 */
record OracleException(OracleTag tag, long[] values) {}
