/**
 * Generated machine code that stands between host and guest: the way in and out of a fiber, the
 * routines that guests call, the signal handlers; and the probe that says what the processor can
 * do.
 *
 * <p>May import {@code base}, {@code os}, {@code wasm}, {@code contract} and {@code asm.x64}. Start
 * reading at {@link dev.troupe.engine.runtime.stub.StubGenerator}, then {@link
 * dev.troupe.engine.runtime.stub.HandlerInstaller}.
 *
 * <p>Main invariants: all stubs are position independent and hold no absolute address; everything
 * that must survive a leave is on the fiber's stack or in the store context; a stub leaves with the
 * direction flag clear and the upper vector halves zero; handlers touch no thread-local storage,
 * take no lock, call nothing, and pass on what is not ours with its arguments untouched.
 */
@NullMarked
package dev.troupe.engine.runtime.stub;

import org.jspecify.annotations.NullMarked;
