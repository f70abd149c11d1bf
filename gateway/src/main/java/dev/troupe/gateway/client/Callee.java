package dev.troupe.gateway.client;

import com.google.protobuf.ByteString;
import dev.troupe.functions.v1.ExportedFunction;
import dev.troupe.functions.v1.FunctionVersion;
import dev.troupe.functions.v1.InvokeRequest;
import dev.troupe.functions.v1.Value;
import dev.troupe.functions.v1.ValueType;
import dev.troupe.functions.v1.Values;
import dev.troupe.gateway.cli.ValueText;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a command line without a payload calls: a function with values, or a program, which takes
 * none. Which of them a module is meant to be is the server's rule: a command is a WASI module that
 * exports {@code _start} and no {@code handle}.
 */
final class Callee {
  private static final String START = "_start";
  private static final String HANDLE = "handle";
  private static final String INITIALIZE = "_initialize";

  private final FunctionVersion version;
  private final ExportedFunction export;

  private Callee(FunctionVersion version, ExportedFunction export) {
    this.version = version;
    this.export = export;
  }

  /**
   * The export that is named, or the only one that can be meant.
   *
   * @throws ClientCommand.UsageException when there is none or the choice is open; the message
   *     names what there is
   */
  static Callee of(FunctionVersion version, @Nullable String entryPoint)
      throws ClientCommand.UsageException {
    if (entryPoint != null) {
      ExportedFunction named = find(version, entryPoint);
      if (named == null) {
        throw new ClientCommand.UsageException(
            "%s exports no function '%s', only %s"
                .formatted(version.getName(), entryPoint, names(version)));
      }
      return new Callee(version, named);
    }
    ExportedFunction start = find(version, START);
    if (start != null && isProgram(version, start) && find(version, HANDLE) == null) {
      return new Callee(version, start);
    }
    List<ExportedFunction> choice =
        version.getExportsList().stream()
            .filter(export -> !version.getWasi() || !export.getName().equals(INITIALIZE))
            .toList();
    if (choice.size() != 1) {
      throw new ClientCommand.UsageException(
          version.getName() + " exports " + names(version) + ": name one with --invoke");
    }
    return new Callee(version, choice.getFirst());
  }

  private static @Nullable ExportedFunction find(FunctionVersion version, String name) {
    for (ExportedFunction export : version.getExportsList()) {
      if (export.getName().equals(name)) {
        return export;
      }
    }
    return null;
  }

  private static String names(FunctionVersion version) {
    List<String> names = version.getExportsList().stream().map(ExportedFunction::getName).toList();
    return names.isEmpty() ? "no function" : String.join(", ", names);
  }

  private static boolean isProgram(FunctionVersion version, ExportedFunction export) {
    return version.getWasi() && export.getParametersCount() == 0 && export.getResultsCount() == 0;
  }

  /**
   * Puts the entry point and the input into a request.
   *
   * @param arguments as they stand on the command line
   * @throws ClientCommand.UsageException when they do not fit
   */
  void addTo(InvokeRequest.Builder request, List<String> arguments)
      throws ClientCommand.UsageException, ValueText.BadValueException {
    request.setEntryPoint(export.getName());
    if (!isProgram(version, export)) {
      request.setValues(values(arguments));
      return;
    }
    if (!arguments.isEmpty()) {
      throw new ClientCommand.UsageException(
          "a program takes no values: its arguments are settings of the function"
              + " (function update --arg), its input is --payload or --stream");
    }
    request.setPayload(ByteString.EMPTY);
  }

  private Values values(List<String> arguments)
      throws ClientCommand.UsageException, ValueText.BadValueException {
    List<ValueType> types = export.getParametersList();
    if (types.size() != arguments.size()) {
      throw new ClientCommand.UsageException(
          "%s takes %d arguments and %d were given"
              .formatted(export.getName(), types.size(), arguments.size()));
    }
    Values.Builder values = Values.newBuilder();
    for (int i = 0; i < types.size(); i++) {
      values.addValues(value(types.get(i), arguments.get(i)));
    }
    return values.build();
  }

  private static Value value(ValueType type, String text)
      throws ClientCommand.UsageException, ValueText.BadValueException {
    Value.Builder value = Value.newBuilder();
    return switch (type) {
      case VALUE_TYPE_I32 -> value.setI32(ValueText.parseI32(text)).build();
      case VALUE_TYPE_I64 -> value.setI64(ValueText.parseI64(text)).build();
      case VALUE_TYPE_F32 -> value.setF32(ValueText.parseF32(text)).build();
      case VALUE_TYPE_F64 -> value.setF64(ValueText.parseF64(text)).build();
      case VALUE_TYPE_V128,
          VALUE_TYPE_FUNCREF,
          VALUE_TYPE_EXTERNREF,
          VALUE_TYPE_UNSPECIFIED,
          UNRECOGNIZED ->
          throw new ClientCommand.UsageException(
              "the function takes a " + type + ", which cannot be given on a command line");
    };
  }
}
