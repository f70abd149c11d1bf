package dev.troupe.actors.port;

/**
 * Where a program's standard input comes from and where its standard output goes while it runs.
 * Means nothing here: who starts the call and who makes the program's world agree on it.
 */
public interface CallStreams {}
