package dev.troupe.gateway.server;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.troupe.actors.call.CallAnswer;
import dev.troupe.actors.call.CallLimits;
import dev.troupe.actors.call.CallStats;
import dev.troupe.actors.port.CallInput;
import dev.troupe.actors.port.CallOutput;
import dev.troupe.actors.port.GuestLog;
import dev.troupe.actors.port.GuestTrap;
import dev.troupe.actors.port.TrapReason;
import dev.troupe.actors.port.WasmValue;
import dev.troupe.functions.v1.GuestException;
import dev.troupe.functions.v1.InvocationLimits;
import dev.troupe.functions.v1.InvocationStats;
import dev.troupe.functions.v1.InvokeRequest;
import dev.troupe.functions.v1.InvokeResponse;
import dev.troupe.functions.v1.Trap;
import dev.troupe.functions.v1.TrapKind;
import dev.troupe.functions.v1.Value;
import dev.troupe.functions.v1.Values;
import dev.troupe.functions.v1.WasmFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Calls between the protocol and the actors. */
final class CallMessages {
  private CallMessages() {}

  static CallInput input(InvokeRequest request) {
    return switch (request.getInputCase()) {
      case VALUES -> new CallInput.Values(values(request.getValues()));
      case PAYLOAD -> new CallInput.Payload(request.getPayload().toByteArray());
      case INPUT_NOT_SET -> new CallInput.Values(List.of());
    };
  }

  private static List<WasmValue> values(Values values) {
    List<WasmValue> result = new ArrayList<>(values.getValuesCount());
    for (Value value : values.getValuesList()) {
      result.add(
          switch (value.getValueCase()) {
            case I32 -> new WasmValue.I32(value.getI32());
            case I64 -> new WasmValue.I64(value.getI64());
            case F32 -> new WasmValue.F32(value.getF32());
            case F64 -> new WasmValue.F64(value.getF64());
            case VALUE_NOT_SET ->
                throw Statuses.invalidArgument(
                    "values", "a value has no type: set i32, i64, f32 or f64");
          });
    }
    return result;
  }

  /** The limits of a request, with the deadline of the RPC when that is sooner. */
  static CallLimits limits(InvocationLimits limits, @Nullable Duration rpcDeadline) {
    Duration deadline =
        limits.hasDeadline() ? Times.fromMessage("limits.deadline", limits.getDeadline()) : null;
    if (rpcDeadline != null && (deadline == null || rpcDeadline.compareTo(deadline) < 0)) {
      deadline = rpcDeadline;
    }
    return new CallLimits(
        deadline,
        limits.hasCpuTime() ? Times.fromMessage("limits.cpu_time", limits.getCpuTime()) : null,
        limits.hasMemoryBytes()
            ? OptionalLong.of(nonNegative("limits.memory_bytes", limits.getMemoryBytes()))
            : OptionalLong.empty(),
        limits.hasFuel()
            ? OptionalLong.of(nonNegative("limits.fuel", limits.getFuel()))
            : OptionalLong.empty(),
        limits.hasQueueWait()
            ? Times.fromMessage("limits.queue_wait", limits.getQueueWait())
            : null,
        limits.hasResponseBytes()
            ? OptionalLong.of(nonNegative("limits.response_bytes", limits.getResponseBytes()))
            : OptionalLong.empty());
  }

  private static long nonNegative(String field, long value) {
    if (value < 0) {
      throw Statuses.invalidArgument(field, "must not be negative");
    }
    return value;
  }

  static InvokeResponse returned(CallAnswer.Returned answer, CallableName name, String logId) {
    InvokeResponse.Builder response = InvokeResponse.newBuilder();
    switch (answer.output()) {
      case CallOutput.Values results -> response.setResults(values(results.values()));
      case CallOutput.Payload payload -> response.setPayload(wrap(payload.bytes()));
      case CallOutput.Streamed _ -> {
        // It has gone out already.
      }
    }
    return account(response, answer.stats(), name, logId);
  }

  // Nobody changes the bytes of an answer, so they need not be copied.
  private static ByteString wrap(byte[] bytes) {
    return UnsafeByteOperations.unsafeWrap(bytes);
  }

  static InvokeResponse trapped(CallAnswer.Trapped answer, CallableName name, String logId) {
    GuestTrap trap = answer.trap();
    Trap.Builder message =
        Trap.newBuilder().setKind(kind(trap.reason())).setMessage(trap.message());
    for (GuestTrap.Frame frame : trap.backtrace()) {
      WasmFrame.Builder built =
          WasmFrame.newBuilder()
              .setFunctionIndex(frame.functionIndex())
              .setFunctionName(frame.functionName());
      if (frame.moduleOffset() != GuestTrap.NO_OFFSET) {
        built.setModuleOffset(frame.moduleOffset());
      }
      message.addBacktrace(built);
    }
    trap.exitStatus().ifPresent(message::setExitStatus);
    GuestTrap.Thrown thrown = trap.thrown();
    if (thrown != null) {
      message.setException(exception(thrown));
    }
    return account(InvokeResponse.newBuilder().setTrap(message), answer.stats(), name, logId);
  }

  private static GuestException exception(GuestTrap.Thrown thrown) {
    GuestException.Builder message = GuestException.newBuilder().setTagName(thrown.tagName());
    if (thrown.tagIndex() != GuestTrap.Thrown.NO_TAG) {
      message.setTagIndex(thrown.tagIndex());
    }
    List<WasmValue> values = thrown.values();
    if (values != null) {
      message.setValues(values(values));
    }
    return message.build();
  }

  private static Values.Builder values(List<WasmValue> values) {
    Values.Builder message = Values.newBuilder();
    for (WasmValue value : values) {
      message.addValues(value(value));
    }
    return message;
  }

  private static InvokeResponse account(
      InvokeResponse.Builder response, CallStats stats, CallableName name, String logId) {
    GuestLog log = stats.log();
    if (log.bytes().length > 0) {
      response.setLog(wrap(log.bytes())).setLogTruncated(log.truncated()).setLogId(logId);
    }
    return response.setStats(stats(stats, name)).build();
  }

  private static Value value(WasmValue value) {
    Value.Builder message = Value.newBuilder();
    return switch (value) {
      case WasmValue.I32 number -> message.setI32(number.value()).build();
      case WasmValue.I64 number -> message.setI64(number.value()).build();
      case WasmValue.F32 number -> message.setF32(number.value()).build();
      case WasmValue.F64 number -> message.setF64(number.value()).build();
    };
  }

  private static InvocationStats stats(CallStats stats, CallableName name) {
    InvocationStats.Builder message =
        InvocationStats.newBuilder()
            .setQueueTime(Times.nanos(stats.queueNanos()))
            .setRunTime(Times.nanos(stats.runNanos()))
            .setCpuTime(Times.nanos(stats.cpuNanos()))
            .setPeakMemoryBytes(stats.peakMemoryBytes())
            .setColdStart(stats.coldStart())
            .setVersionBytes(name.versionName(stats.sha256()))
            .setSlices(stats.slices())
            .setPreemptions(stats.preemptions());
    stats.fuel().ifPresent(message::setFuel);
    return message.build();
  }

  /** The names are the same on purpose. */
  static TrapKind kind(TrapReason reason) {
    return switch (reason) {
      case UNREACHABLE -> TrapKind.TRAP_KIND_UNREACHABLE;
      case STACK_OVERFLOW -> TrapKind.TRAP_KIND_STACK_OVERFLOW;
      case MEMORY_OUT_OF_BOUNDS -> TrapKind.TRAP_KIND_MEMORY_OUT_OF_BOUNDS;
      case TABLE_OUT_OF_BOUNDS -> TrapKind.TRAP_KIND_TABLE_OUT_OF_BOUNDS;
      case UNDEFINED_ELEMENT -> TrapKind.TRAP_KIND_UNDEFINED_ELEMENT;
      case INDIRECT_CALL_TO_NULL -> TrapKind.TRAP_KIND_INDIRECT_CALL_TO_NULL;
      case BAD_SIGNATURE -> TrapKind.TRAP_KIND_BAD_SIGNATURE;
      case INTEGER_OVERFLOW -> TrapKind.TRAP_KIND_INTEGER_OVERFLOW;
      case INTEGER_DIVISION_BY_ZERO -> TrapKind.TRAP_KIND_INTEGER_DIVISION_BY_ZERO;
      case BAD_CONVERSION_TO_INTEGER -> TrapKind.TRAP_KIND_BAD_CONVERSION_TO_INTEGER;
      case NULL_REFERENCE -> TrapKind.TRAP_KIND_NULL_REFERENCE;
      case HEAP_MISALIGNED -> TrapKind.TRAP_KIND_HEAP_MISALIGNED;
      case ATOMIC_WAIT_NON_SHARED_MEMORY -> TrapKind.TRAP_KIND_ATOMIC_WAIT_NON_SHARED_MEMORY;
      case INTERRUPT -> TrapKind.TRAP_KIND_INTERRUPT;
      case OUT_OF_FUEL -> TrapKind.TRAP_KIND_OUT_OF_FUEL;
      case DEADLINE_EXCEEDED -> TrapKind.TRAP_KIND_DEADLINE_EXCEEDED;
      case CPU_LIMIT_EXCEEDED -> TrapKind.TRAP_KIND_CPU_LIMIT_EXCEEDED;
      case MEMORY_LIMIT -> TrapKind.TRAP_KIND_MEMORY_LIMIT;
      case CANCELLED -> TrapKind.TRAP_KIND_CANCELLED;
      case HOST_ERROR -> TrapKind.TRAP_KIND_HOST_ERROR;
      case EXIT -> TrapKind.TRAP_KIND_EXIT;
      case UNCAUGHT_EXCEPTION -> TrapKind.TRAP_KIND_UNCAUGHT_EXCEPTION;
      case CAST_FAILURE -> TrapKind.TRAP_KIND_CAST_FAILURE;
      case ARRAY_OUT_OF_BOUNDS -> TrapKind.TRAP_KIND_ARRAY_OUT_OF_BOUNDS;
      case NULL_FUNCTION -> TrapKind.TRAP_KIND_NULL_FUNCTION;
      case NULL_I31 -> TrapKind.TRAP_KIND_NULL_I31;
      case NULL_STRUCTURE -> TrapKind.TRAP_KIND_NULL_STRUCTURE;
      case NULL_ARRAY -> TrapKind.TRAP_KIND_NULL_ARRAY;
      case NULL_EXCEPTION -> TrapKind.TRAP_KIND_NULL_EXCEPTION;
      case TOO_MANY_WAITERS -> TrapKind.TRAP_KIND_TOO_MANY_WAITERS;
    };
  }
}
