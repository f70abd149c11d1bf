package dev.troupe.actors;

import dev.troupe.actors.port.CallFiber;
import dev.troupe.actors.port.CallInput;
import dev.troupe.actors.port.CallOutput;
import dev.troupe.actors.port.CallRequest;
import dev.troupe.actors.port.FiberState;
import dev.troupe.actors.port.GuestTrap;
import dev.troupe.actors.port.TrapReason;
import dev.troupe.actors.port.WasmValue;
import java.util.List;
import java.util.OptionalLong;

/** A call of a fake function. */
final class FakeFiber implements CallFiber {
  private static final GuestTrap.Frame FRAME = new GuestTrap.Frame(7, "spin", 42);

  private final FakeInstance instance;
  private final CallRequest request;
  private boolean waited;

  FakeFiber(FakeInstance instance, CallRequest request) {
    this.instance = instance;
    this.request = request;
  }

  @Override
  public FiberState resume(int workerIndex) {
    instance.runtime.guestThreads.add(Thread.currentThread().getName());
    if (!instance.memoryGranted) {
      return trap(TrapReason.MEMORY_LIMIT, "no memory");
    }
    return switch (request.input()) {
      case CallInput.Payload payload -> {
        byte[] bytes = payload.bytes().clone();
        for (int index = 0; index < bytes.length; index++) {
          bytes[index]++;
        }
        yield new FiberState.Returned(new CallOutput.Payload(bytes));
      }
      case CallInput.Streams _ -> new FiberState.Returned(new CallOutput.Streamed(0));
      case CallInput.Values values -> run(values.values());
    };
  }

  private FiberState run(List<WasmValue> values) {
    return switch (request.entryPoint()) {
      case "add" -> {
        int sum = i32(values, 0) + i32(values, 1);
        instance.runtime.sums.add(sum);
        yield returned(new WasmValue.I32(sum));
      }
      case "spin" -> {
        for (int turn = 0; turn < 1_000; turn++) {
          Thread.onSpinWait();
        }
        yield FiberState.INTERRUPTED;
      }
      case "trap" -> trap(TrapReason.UNREACHABLE, "unreachable");
      case "wait" -> {
        if (waited) {
          yield returned(new WasmValue.I32(1));
        }
        waited = true;
        yield new FiberState.Waiting(instance.runtime.hostCall);
      }
      case "grow" -> {
        long bytes = ((WasmValue.I64) values.getFirst()).value();
        yield instance.memory.tryGrow(bytes)
            ? returned(new WasmValue.I64(bytes))
            : trap(TrapReason.MEMORY_LIMIT, "memory limit");
      }
      case "calls" -> returned(new WasmValue.I32(instance.calls));
      default -> throw new IllegalStateException("guest of the test");
    };
  }

  private static int i32(List<WasmValue> values, int index) {
    return ((WasmValue.I32) values.get(index)).value();
  }

  private static FiberState returned(WasmValue value) {
    return new FiberState.Returned(new CallOutput.Values(List.of(value)));
  }

  private FiberState trap(TrapReason reason, String message) {
    instance.broken = true;
    return new FiberState.Trapped(new GuestTrap(reason, message, List.of(FRAME)));
  }

  @Override
  public GuestTrap stop(TrapReason reason, String message) {
    instance.broken = true;
    return new GuestTrap(reason, message, List.of(FRAME));
  }

  @Override
  public OptionalLong fuelUsed() {
    return OptionalLong.empty();
  }
}
