/**
 * What compiled code and host share: layouts of the native structures, exit codes, trap kinds,
 * register roles, the calling convention. Both sides import this package and neither imports the
 * other. May import {@code base} and {@code wasm}. Start reading at {@link
 * dev.troupe.engine.contract.InstanceLayout}.
 *
 * <p>Main invariant: every offset is computed here, once, and read by compiler, stubs and host.
 */
@NullMarked
package dev.troupe.engine.contract;

import org.jspecify.annotations.NullMarked;
