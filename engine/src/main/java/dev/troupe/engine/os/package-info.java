/**
 * The door to the operating system: the only package that links native functions. Linux on x86-64.
 *
 * <p>Floor 0: imports nothing of ours. Start reading at {@link dev.troupe.engine.os.VirtualMemory},
 * then {@link dev.troupe.engine.os.NativeEntry}.
 *
 * <p>Main invariants: the result of every system call is checked; a failure is one {@link
 * dev.troupe.engine.os.OsException} with the call's name and {@code errno}; an interrupted call is
 * repeated; no mapping is ever writable and executable at once. Addresses are {@code long}s:
 * whoever holds one owns the memory behind it, nothing here is freed by a garbage collector.
 */
@NullMarked
package dev.troupe.engine.os;

import org.jspecify.annotations.NullMarked;
