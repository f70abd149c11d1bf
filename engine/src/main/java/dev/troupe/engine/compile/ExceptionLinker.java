package dev.troupe.engine.compile;

import dev.troupe.engine.artifact.ExceptionTable;
import dev.troupe.engine.backend.x64.CallSite;
import dev.troupe.engine.backend.x64.CompiledFunction;
import dev.troupe.engine.base.IntList;
import dev.troupe.engine.ssa.Handler;

/** Joins what the functions of a module say about calls in reach of exception handlers. */
final class ExceptionLinker {
  private final IntList sites = new IntList();
  private final IntList ends = new IntList();
  private final IntList tags = new IntList();
  private final IntList landings = new IntList();

  private ExceptionLinker() {}

  static ExceptionTable link(CompiledFunction[] functions, int[] starts) {
    ExceptionLinker linker = new ExceptionLinker();
    for (int i = 0; i < functions.length; i++) {
      linker.add(functions[i], starts[i]);
    }
    return ExceptionTable.of(
        linker.sites.toArray(),
        linker.ends.toArray(),
        linker.tags.toArray(),
        linker.landings.toArray());
  }

  private void add(CompiledFunction function, int start) {
    for (CallSite site : function.callSites()) {
      sites.add(start + site.returnOffset());
      for (int k = 0; k < site.landingOffsets().length; k++) {
        Handler handler = site.handlers().get(k);
        tags.add(ExceptionTable.encode(handler.tag(), handler.wantsReference()));
        landings.add(start + site.landingOffsets()[k]);
      }
      ends.add(tags.size());
    }
  }
}
