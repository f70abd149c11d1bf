package dev.troupe.engine.wasm;

/**
 * A custom section (section 5.5.3).
 *
 * @param name its name
 * @param offset first byte of its contents, after the name
 * @param length bytes of its contents
 * @param afterSection id of the last known section before it, 0 when it stands first
 */
public record CustomSection(String name, int offset, int length, int afterSection) {}
