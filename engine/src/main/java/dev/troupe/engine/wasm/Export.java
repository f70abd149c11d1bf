package dev.troupe.engine.wasm;

/** One export (section 2.5.11): {@code index} is in the index space of {@code kind}. */
public record Export(String name, ExternKind kind, int index) {}
