package dev.troupe.engine.runtime.exec;

import dev.troupe.engine.contract.TrapKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a guest stopped for good.
 *
 * @param kind the reason
 * @param message starts with {@link TrapKind#message()}
 * @param frames innermost first; may be cut at {@link Unwinder#MAX_FRAMES}
 * @param cause what a host function threw, or null
 */
public record Trap(
    TrapKind kind, String message, List<WasmFrame> frames, @Nullable Throwable cause) {
  public Trap {
    frames = List.copyOf(frames);
  }

  static Trap of(TrapKind kind, List<WasmFrame> frames) {
    return new Trap(kind, kind.message(), frames, null);
  }
}
