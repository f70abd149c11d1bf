package dev.troupe.engine;

import dev.troupe.engine.wasm.ExternType;

/**
 * One export of a module.
 *
 * @param name its name
 * @param type its declared type
 */
public record ExportType(String name, ExternType type) {}
