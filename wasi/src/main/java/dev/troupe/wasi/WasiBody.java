package dev.troupe.wasi;

import dev.troupe.engine.Caller;
import dev.troupe.engine.HostCall;
import dev.troupe.engine.HostWait;
import dev.troupe.engine.WaitingHostFunction;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * From the call of a guest to the function's implementation. A class and a switch instead of a
 * lambda per function: a process that runs one small program would spend more on lambdas than on
 * the program.
 *
 * @param <T> the host data of the stores
 */
final class WasiBody<T> implements WaitingHostFunction<T> {
  private final WasiFunction function;
  private final Function<T, WasiContext> contextOf;

  WasiBody(WasiFunction function, Function<T, WasiContext> contextOf) {
    this.function = function;
    this.contextOf = contextOf;
  }

  @Override
  public @Nullable HostWait<T> call(Caller<T> caller, HostCall call) {
    return attempt(caller, call, 0);
  }

  private @Nullable HostWait<T> attempt(Caller<T> caller, HostCall call, long progress) {
    if (function == WasiFunction.PROC_EXIT) {
      throw new WasiExitException(call.i32(0));
    }
    WasiContext context = contextOf.apply(caller.data());
    int errno = WasiErrno.SUCCESS;
    try {
      GuestMemory memory = context.memory(caller);
      if (function == WasiFunction.POLL_ONEOFF) {
        HostWait<T> wait = poll(new PollCalls(context, memory, call), context, memory, call);
        if (wait != null) {
          return wait;
        }
      } else {
        perform(context, memory, call, progress);
      }
    } catch (WasiError e) {
      errno = e.errno();
    }
    if (errno == WasiErrno.AGAIN) {
      long done = context.takeProgress();
      try {
        CompletableFuture<Boolean> ready = whenReady(context, call);
        if (ready != null) {
          return new Again<>(this, ready, done);
        }
      } catch (WasiError e) {
        errno = e.errno();
      }
    }
    call.returnI32(errno);
    return null;
  }

  /** When a descriptor on which the guest wants to wait is worth another try; null for others. */
  private @Nullable CompletableFuture<Boolean> whenReady(WasiContext context, HostCall call) {
    return switch (function) {
      case FD_READ, SOCK_RECV, SOCK_ACCEPT -> whenReady(context, call.i32(0), true);
      case FD_WRITE, SOCK_SEND -> whenReady(context, call.i32(0), false);
      default -> null;
    };
  }

  private static @Nullable CompletableFuture<Boolean> whenReady(
      WasiContext context, int fd, boolean forReading) {
    Descriptor descriptor = context.descriptors().get(fd);
    return (descriptor.flags() & FdFlags.NONBLOCK) != 0 ? null : descriptor.whenReady(forReading);
  }

  /** The whole call once more: whatever has changed meanwhile is looked at anew. */
  private record Again<T>(WasiBody<T> body, CompletableFuture<Boolean> ready, long progress)
      implements HostWait<T> {
    @Override
    public @Nullable HostWait<T> resume(Caller<T> caller, HostCall call) {
      if (!ready.getNow(Boolean.TRUE)) {
        call.returnI32(WasiErrno.IO);
        return null;
      }
      return body.attempt(caller, call, progress);
    }
  }

  private @Nullable HostWait<T> poll(
      PollCalls poll, WasiContext context, GuestMemory memory, HostCall call) {
    CompletableFuture<Boolean> ready = poll.look(context, memory, call);
    return ready == null ? null : new Polling<>(this, ready, poll);
  }

  private record Polling<T>(WasiBody<T> body, CompletableFuture<Boolean> ready, PollCalls poll)
      implements HostWait<T> {
    @Override
    public @Nullable HostWait<T> resume(Caller<T> caller, HostCall call) {
      if (!ready.getNow(Boolean.TRUE)) {
        call.returnI32(WasiErrno.IO);
        return null;
      }
      WasiContext context = body.contextOf.apply(caller.data());
      int errno = WasiErrno.SUCCESS;
      try {
        HostWait<T> more = body.poll(poll, context, context.memory(caller), call);
        if (more != null) {
          return more;
        }
      } catch (WasiError e) {
        errno = e.errno();
      }
      call.returnI32(errno);
      return null;
    }
  }

  private void perform(WasiContext context, GuestMemory memory, HostCall call, long progress) {
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
      case POLL_ONEOFF, PROC_EXIT ->
          throw new IllegalStateException(function + " is done elsewhere");
      case PROC_RAISE -> RaisedSignal.raise(call.i32(0));
      // The scheduler decides who runs; who yields has nothing to gain or to lose.
      case SCHED_YIELD -> {}
      case RANDOM_GET -> context.random().get(memory, call);
      case SOCK_ACCEPT -> SocketFunctions.accept(context, memory, call);
      case SOCK_RECV -> SocketFunctions.receive(context, memory, call, progress);
      case SOCK_SEND -> SocketFunctions.send(context, memory, call);
      case SOCK_SHUTDOWN -> SocketFunctions.shutDown(context, call);
    }
  }
}
