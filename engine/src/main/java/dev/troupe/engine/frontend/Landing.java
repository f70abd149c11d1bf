package dev.troupe.engine.frontend;

import dev.troupe.engine.ssa.Handler;
import dev.troupe.engine.wasm.ValType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where exceptions arrive that one clause catches.
 *
 * @param block takes over what the exception brought; every call in reach has an edge to it
 * @param carried types of the values that the exception carries
 * @param label where it goes on; null if behind the clause, which is one of a legacy try
 */
record Landing(Handler handler, int block, List<ValType> carried, @Nullable ControlFrame label) {}
