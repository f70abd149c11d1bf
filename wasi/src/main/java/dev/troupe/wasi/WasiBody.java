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
      case CLOCK_RES_GET -> Clocks.resolutionGet(context, memory, call);
      case CLOCK_TIME_GET -> Clocks.timeGet(context, memory, call);
      case FD_ADVISE -> DescriptorCalls.advise(context, call);
      case FD_ALLOCATE -> DescriptorCalls.allocate(context, call);
      case FD_CLOSE -> context.descriptors().close(call.i32(0));
      case FD_DATASYNC -> DescriptorCalls.dataSync(context, call);
      case FD_FDSTAT_GET -> DescriptorCalls.fdstatGet(context, memory, call);
      case FD_FDSTAT_SET_FLAGS -> DescriptorCalls.fdstatSetFlags(context, call);
      case FD_FDSTAT_SET_RIGHTS -> DescriptorCalls.fdstatSetRights(context, call);
      case FD_FILESTAT_GET -> DescriptorCalls.filestatGet(context, memory, call);
      case FD_FILESTAT_SET_SIZE -> DescriptorCalls.filestatSetSize(context, call);
      case FD_FILESTAT_SET_TIMES -> DescriptorCalls.filestatSetTimes(context, call);
      case FD_PREAD -> TransferCalls.readAt(context, memory, call);
      case FD_PRESTAT_GET -> DescriptorCalls.prestatGet(context, memory, call);
      case FD_PRESTAT_DIR_NAME -> DescriptorCalls.prestatDirName(context, memory, call);
      case FD_PWRITE -> TransferCalls.writeAt(context, memory, call);
      case FD_READ -> TransferCalls.read(context, memory, call);
      case FD_READDIR -> DescriptorCalls.readDirectory(context, memory, call);
      case FD_RENUMBER -> DescriptorCalls.renumber(context, call);
      case FD_SEEK -> DescriptorCalls.seek(context, memory, call);
      case FD_SYNC -> DescriptorCalls.sync(context, call);
      case FD_TELL -> DescriptorCalls.tell(context, memory, call);
      case FD_WRITE -> TransferCalls.write(context, memory, call);
      case PATH_CREATE_DIRECTORY -> PathCalls.createDirectory(context, memory, call);
      case PATH_FILESTAT_GET -> PathCalls.filestatGet(context, memory, call);
      case PATH_FILESTAT_SET_TIMES -> PathCalls.filestatSetTimes(context, memory, call);
      case PATH_LINK -> PathCalls.link(context, memory, call);
      case PATH_OPEN -> PathCalls.open(context, memory, call);
      case PATH_READLINK -> PathCalls.readLink(context, memory, call);
      case PATH_REMOVE_DIRECTORY -> PathCalls.removeDirectory(context, memory, call);
      case PATH_RENAME -> PathCalls.rename(context, memory, call);
      case PATH_SYMLINK -> PathCalls.symbolicLink(context, memory, call);
      case PATH_UNLINK_FILE -> PathCalls.unlinkFile(context, memory, call);
      case POLL_ONEOFF -> PollCalls.pollOneoff(context, memory, call);
      case PROC_EXIT -> throw new WasiExitException(call.i32(0));
      case PROC_RAISE -> RaisedSignal.raise(call.i32(0));
      // The scheduler decides who runs; who yields has nothing to gain or to lose.
      case SCHED_YIELD -> {}
      case RANDOM_GET -> context.random().get(memory, call);
      case SOCK_ACCEPT -> SocketFunctions.accept(context, memory, call);
      case SOCK_RECV -> SocketFunctions.receive(context, memory, call);
      case SOCK_SEND -> SocketFunctions.send(context, memory, call);
      case SOCK_SHUTDOWN -> SocketFunctions.shutDown(context, call);
    }
  }
}
