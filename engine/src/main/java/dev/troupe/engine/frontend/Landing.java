package dev.troupe.engine.frontend;

import dev.troupe.engine.ssa.Handler;
import dev.troupe.engine.wasm.ValType;
import java.util.List;

/**
 * Where exceptions arrive that one clause of a {@code try_table} catches.
 *
 * @param block takes over what the exception brought and branches to the label; every call in reach
 *     has an edge to it
 * @param carried types of the values that the exception carries and the label takes
 * @param target the construct that the label names
 */
record Landing(Handler handler, int block, List<ValType> carried, ControlFrame target) {}
