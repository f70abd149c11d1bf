package dev.troupe.gateway.client;

import com.google.protobuf.ByteString;
import dev.troupe.functions.v1.FunctionVersion;
import dev.troupe.functions.v1.GuestException;
import dev.troupe.functions.v1.InvocationLimits;
import dev.troupe.functions.v1.InvocationServiceGrpc;
import dev.troupe.functions.v1.InvokeRequest;
import dev.troupe.functions.v1.InvokeResponse;
import dev.troupe.functions.v1.Trap;
import dev.troupe.functions.v1.Value;
import dev.troupe.functions.v1.WasmFrame;
import dev.troupe.gateway.cli.ValueText;
import io.grpc.ManagedChannel;
import io.grpc.StatusException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code troupe invoke TENANT/FUNCTION [ARGS]}: exit 0, 1 on an error, 134 on a trap. */
@Command(
    name = "invoke",
    description = {
      "Call a function with WebAssembly values, or with a payload of bytes.",
      "Results are printed one a line. Exit status: 0, 1 on an error, 134 on a trap."
    })
public final class InvokeCommand extends ClientCommand {
  /** What a shell reports for a process that was aborted. */
  private static final int TRAP_STATUS = 134;

  @Parameters(index = "0", paramLabel = "TENANT/FUNCTION[@VERSION]")
  String function = "";

  @Parameters(index = "1..*", paramLabel = "ARGS", description = "Values, by the export's types.")
  List<String> arguments = List.of();

  @Option(
      names = "--invoke",
      paramLabel = "NAME",
      description =
          "The exported function (default: _start of a program, the only one, or handle with a"
              + " payload).")
  @Nullable String entryPoint;

  @Option(
      names = "--payload",
      paramLabel = "FILE",
      description = "Bytes for the bytes ABI; - is standard input, @TEXT the text itself.")
  @Nullable String payload;

  @Option(
      names = "--stream",
      description =
          "Run a WASI program with this command's standard input and output as its own, while it"
              + " runs.")
  boolean stream;

  @Option(names = "--timeout", paramLabel = "DURATION", description = "Deadline: 500ms, 10s.")
  @Nullable String timeout;

  @Option(names = "--fuel", paramLabel = "N", description = "Most fuel of the call.")
  @Nullable Long fuel;

  @Override
  int ask(ManagedChannel channel, PrintStream out)
      throws UsageException,
          ValueText.BadValueException,
          IOException,
          StatusException,
          InterruptedException {
    String name = functionName(function);
    InvokeRequest.Builder request = InvokeRequest.newBuilder().setName(name);
    if (stream) {
      if (payload != null || !arguments.isEmpty() || json) {
        throw new UsageException("a stream goes without values, payload and --json");
      }
      if (entryPoint != null) {
        request.setEntryPoint(entryPoint);
      }
    } else if (payload != null) {
      if (!arguments.isEmpty()) {
        throw new UsageException("a call takes values or a payload, not both");
      }
      request.setPayload(readPayload(payload));
      if (entryPoint != null) {
        request.setEntryPoint(entryPoint);
      }
    } else {
      FunctionVersion version = FunctionCommand.version(channel, name);
      Callee.of(version, entryPoint).addTo(request, arguments);
    }
    InvocationLimits.Builder limits = InvocationLimits.newBuilder();
    if (timeout != null) {
      limits.setDeadline(Quantities.duration(timeout));
    }
    if (fuel != null) {
      limits.setFuel(fuel);
    }
    request.setLimits(limits);
    if (stream) {
      return show(ProgramStream.run(channel, request.build(), System.in, out), out);
    }
    return show(InvocationServiceGrpc.newBlockingStub(channel).invoke(request.build()), out);
  }

  private static ByteString readPayload(String source) throws IOException, UsageException {
    if (source.equals("-")) {
      return ByteString.readFrom(System.in);
    }
    if (source.startsWith("@")) {
      return ByteString.copyFromUtf8(source.substring(1));
    }
    try {
      return ByteString.copyFrom(Files.readAllBytes(Path.of(source)));
    } catch (NoSuchFileException e) {
      throw new UsageException("there is no file " + source);
    }
  }

  private int show(InvokeResponse response, PrintStream out) throws IOException {
    boolean trapped = response.getOutcomeCase() == InvokeResponse.OutcomeCase.TRAP;
    if (json) {
      out.println(toJson(response));
      return trapped ? TRAP_STATUS : 0;
    }
    response.getLog().writeTo(System.err);
    if (response.getLogTruncated()) {
      System.err.println("troupe: the rest of the log is lost");
    }
    switch (response.getOutcomeCase()) {
      case RESULTS -> {
        for (Value value : response.getResults().getValuesList()) {
          out.println(print(value));
        }
      }
      case PAYLOAD -> {
        response.getPayload().writeTo(out);
        out.flush();
      }
      case TRAP -> {
        if (response.getTrap().hasExitStatus()) {
          // As the program would have ended here.
          return response.getTrap().getExitStatus();
        }
        printTrap(response.getTrap());
      }
      case OUTCOME_NOT_SET -> {
        if (!stream) {
          throw new IOException("the server answered without an outcome");
        }
      }
    }
    return trapped ? TRAP_STATUS : 0;
  }

  private static String print(Value value) {
    return switch (value.getValueCase()) {
      case I32 -> Integer.toString(value.getI32());
      case I64 -> Long.toString(value.getI64());
      case F32 -> ValueText.print(value.getF32());
      case F64 -> ValueText.print(value.getF64());
      case VALUE_NOT_SET -> "(a value that this client does not know)";
    };
  }

  /** What an exception was, for people. */
  private static String thrown(Trap trap) {
    if (!trap.hasException()) {
      return "";
    }
    GuestException exception = trap.getException();
    String tag =
        exception.getTagName().isEmpty()
            ? exception.hasTagIndex() ? "tag " + exception.getTagIndex() : "a tag of the host"
            : exception.getTagName();
    String values =
        exception.getValues().getValuesList().stream()
            .map(InvokeCommand::print)
            .collect(Collectors.joining(", ", "(", ")"));
    return ": " + tag + (exception.hasValues() ? values : "");
  }

  private static void printTrap(Trap trap) {
    System.err.println(
        "troupe: trap "
            + trap.getKind().name().replace("TRAP_KIND_", "")
            + ": "
            + trap.getMessage()
            + thrown(trap));
    for (WasmFrame frame : trap.getBacktraceList()) {
      String name = frame.getFunctionName().isEmpty() ? "" : " <" + frame.getFunctionName() + ">";
      String offset =
          frame.hasModuleOffset() ? String.format(" @ 0x%x", frame.getModuleOffset()) : "";
      System.err.println("  at function " + frame.getFunctionIndex() + name + offset);
    }
  }
}
