package dev.troupe.engine.runtime.exec;

import dev.troupe.engine.artifact.FunctionTable;
import dev.troupe.engine.runtime.CodeRegion;
import dev.troupe.engine.runtime.LoadedModule;
import dev.troupe.engine.runtime.MappedCode;
import org.jspecify.annotations.Nullable;

/**
 * What return addresses on the stacks of one store say about the frames that they return to. The
 * last ones are remembered: exceptions come from the same places again and again. That is sound for
 * the life of the store, which holds the code of all its instances.
 */
final class FrameFinder {
  private static final int REMEMBERED = 64;

  /**
   * A frame behind a call.
   *
   * @param returnAddress behind the call
   * @param module whose code it is
   * @param codeBase first byte of that
   * @param frameBytes from the frame's stack pointer to its own return address
   * @param saves which registers it keeps, see {@link FunctionTable#saves}
   * @param site of the call in the module's table of exceptions, or negative
   */
  record Frame(
      long returnAddress,
      LoadedModule module,
      long codeBase,
      int frameBytes,
      int saves,
      int site) {}

  private final @Nullable Frame[] frames = new @Nullable Frame[REMEMBERED];

  /** The frame that a return address returns to, or null when that is no guest function. */
  @Nullable Frame find(long returnAddress) {
    int place = (int) (returnAddress ^ returnAddress >>> 6) & REMEMBERED - 1;
    Frame known = frames[place];
    if (known != null && known.returnAddress() == returnAddress) {
      return known;
    }
    Frame found = lookUp(returnAddress);
    if (found != null) {
      frames[place] = found;
    }
    return found;
  }

  private static @Nullable Frame lookUp(long returnAddress) {
    // A return address may be the first byte after its function: look at the call instead.
    MappedCode code = CodeRegion.instance().find(returnAddress - 1);
    LoadedModule module = code == null ? null : code.owner();
    if (code == null || module == null) {
      return null;
    }
    int offset = (int) (returnAddress - code.base());
    FunctionTable functions = module.functions();
    int function = functions.at(offset - 1);
    return function < 0
        ? null
        : new Frame(
            returnAddress,
            module,
            code.base(),
            functions.frameBytes(function),
            functions.saves(function),
            module.exceptions().find(offset));
  }
}
