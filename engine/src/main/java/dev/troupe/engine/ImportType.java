package dev.troupe.engine;

import dev.troupe.engine.wasm.ExternType;

/**
 * One import of a module.
 *
 * @param module first-level name
 * @param name second-level name
 * @param type what is asked for
 */
public record ImportType(String module, String name, ExternType type) {}
