package dev.troupe.wasi;

import dev.troupe.engine.Caller;
import dev.troupe.engine.HostCall;
import dev.troupe.engine.HostFunction;
import java.util.function.Function;

/**
 * From the call of a guest to the function's implementation. A class and a switch instead of a
 * lambda per function: a process that runs one small program would spend more on lambdas than on
 * the program.
 *
 * @param <T> the host data of the stores
 */
final class WasiBody<T> implements HostFunction<T> {
  private final WasiFunction function;
  private final Function<T, WasiContext> contextOf;

  WasiBody(WasiFunction function, Function<T, WasiContext> contextOf) {
    this.function = function;
    this.contextOf = contextOf;
  }

  @Override
  public void call(Caller<T> caller, HostCall call) {
    if (function == WasiFunction.PROC_EXIT) {
      throw new WasiExitException(call.i32(0));
    }
    WasiContext context = contextOf.apply(caller.data());
    int errno = WasiErrno.SUCCESS;
    try {
      perform(context, context.memory(caller), call);
    } catch (WasiError e) {
      errno = e.errno();
    }
    call.returnI32(errno);
  }

  private void perform(WasiContext context, GuestMemory memory, HostCall call) {
    switch (function) {
      case ARGS_GET -> context.arguments().write(memory, call.i32(0), call.i32(1));
      case ARGS_SIZES_GET -> context.arguments().writeSizes(memory, call.i32(0), call.i32(1));
      case ENVIRON_GET -> context.environment().write(memory, call.i32(0), call.i32(1));
      case ENVIRON_SIZES_GET -> context.environment().writeSizes(memory, call.i32(0), call.i32(1));
      case CLOCK_TIME_GET -> Clocks.timeGet(context, memory, call);
      case RANDOM_GET -> RandomBytes.get(memory, call);
      case FD_CLOSE -> context.descriptors().close(call.i32(0));
      case FD_FDSTAT_GET -> DescriptorCalls.fdstatGet(context, memory, call);
      case FD_FILESTAT_GET -> DescriptorCalls.filestatGet(context, memory, call);
      case FD_PRESTAT_GET -> DescriptorCalls.prestatGet(context, memory, call);
      case FD_PRESTAT_DIR_NAME -> DescriptorCalls.prestatDirName(context, memory, call);
      case FD_READ -> DescriptorCalls.read(context, memory, call);
      case FD_SEEK -> DescriptorCalls.seek(context, memory, call);
      case FD_SYNC -> DescriptorCalls.sync(context, call);
      case FD_WRITE -> DescriptorCalls.write(context, memory, call);
      case PATH_OPEN -> PathCalls.open(context, memory, call);
      case PATH_FILESTAT_GET -> PathCalls.filestatGet(context, memory, call);
      case PROC_EXIT -> throw new IllegalStateException("proc_exit does not return");
    }
  }
}
