package dev.troupe.gateway.client;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.Empty;
import com.google.protobuf.FieldMask;
import dev.troupe.functions.v1.DeleteFunctionRequest;
import dev.troupe.functions.v1.ExportedFunction;
import dev.troupe.functions.v1.Function;
import dev.troupe.functions.v1.FunctionLimits;
import dev.troupe.functions.v1.FunctionServiceGrpc;
import dev.troupe.functions.v1.FunctionServiceGrpc.FunctionServiceBlockingStub;
import dev.troupe.functions.v1.FunctionVersion;
import dev.troupe.functions.v1.GetFunctionRequest;
import dev.troupe.functions.v1.GetFunctionVersionRequest;
import dev.troupe.functions.v1.ListFunctionsRequest;
import dev.troupe.functions.v1.ListFunctionsResponse;
import dev.troupe.functions.v1.UpdateFunctionRequest;
import dev.troupe.functions.v1.ValueType;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code troupe function ...}. */
@Command(
    name = "function",
    description = "Show, limit and delete functions.",
    subcommands = {
      FunctionCommand.Get.class,
      FunctionCommand.ListAll.class,
      FunctionCommand.Update.class,
      FunctionCommand.Delete.class
    })
public final class FunctionCommand {

  private static FunctionServiceBlockingStub functions(ManagedChannel channel) {
    return FunctionServiceGrpc.newBlockingStub(channel);
  }

  /** The version that a function name means now, or that a version name names. */
  static FunctionVersion version(ManagedChannel channel, String name) {
    String versionName = name;
    if (!name.contains("/versions/")) {
      Function function =
          functions(channel).getFunction(GetFunctionRequest.newBuilder().setName(name).build());
      versionName = function.getCurrentVersion();
    }
    return functions(channel)
        .getFunctionVersion(GetFunctionVersionRequest.newBuilder().setName(versionName).build());
  }

  private static String types(List<ValueType> types) {
    return types.stream()
        .map(type -> type.name().replace("VALUE_TYPE_", "").toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(", ", "(", ")"));
  }

  /** {@code function get}. */
  @Command(name = "get", description = "Show a function's current version and its exports.")
  static final class Get extends ClientCommand {
    @Parameters(paramLabel = "TENANT/FUNCTION[@VERSION]")
    String function = "";

    @Override
    int ask(ManagedChannel channel, PrintStream out) throws UsageException, IOException {
      FunctionVersion version = version(channel, functionName(function));
      String owner = version.getName().replaceFirst("/versions/.*", "");
      Function settings =
          functions(channel).getFunction(GetFunctionRequest.newBuilder().setName(owner).build());
      if (json) {
        out.println(toJson(version, settings));
        return 0;
      }
      out.println(version.getName());
      out.println("  " + version.getModuleBytes() + " bytes");
      out.print(QuotaText.of(settings.getLimits()));
      if (version.getWasi()) {
        out.print(ProgramText.of(settings.getProgram()));
      }
      for (ExportedFunction export : version.getExportsList()) {
        out.println(
            "  "
                + export.getName()
                + " "
                + types(export.getParametersList())
                + " -> "
                + types(export.getResultsList()));
      }
      return 0;
    }

    /** The version, and what its function has besides, as one object. */
    static String toJson(FunctionVersion version, Function settings) throws IOException {
      JsonObject object = JsonParser.parseString(ClientCommand.toJson(version)).getAsJsonObject();
      object.add("program", JsonParser.parseString(ClientCommand.toJson(settings.getProgram())));
      object.add("limits", JsonParser.parseString(ClientCommand.toJson(settings.getLimits())));
      return new GsonBuilder().setPrettyPrinting().create().toJson(object);
    }
  }

  /** {@code function list}. */
  @Command(name = "list", description = "List a tenant's functions.")
  static final class ListAll extends ClientCommand {
    @Parameters(paramLabel = "TENANT")
    String tenant = "";

    @Override
    int ask(ManagedChannel channel, PrintStream out) throws IOException {
      ListFunctionsRequest.Builder request =
          ListFunctionsRequest.newBuilder().setParent(tenantName(tenant));
      ListFunctionsResponse page;
      do {
        page = functions(channel).listFunctions(request.build());
        for (Function function : page.getFunctionsList()) {
          out.println(json ? toJson(function) : function.getName());
        }
        request.setPageToken(page.getNextPageToken());
      } while (!page.getNextPageToken().isEmpty());
      return 0;
    }
  }

  /** {@code function update}. */
  @Command(
      name = "update",
      description = "Change the named limits; the others stay.",
      footer =
          "Options of the program (--arg, --env, ...) replace all of those; --clear program too.")
  static final class Update extends ClientCommand {
    @Parameters(paramLabel = "TENANT/FUNCTION")
    String function = "";

    @Mixin LimitOptions limits = new LimitOptions();

    @Mixin ClearOption clear = new ClearOption();

    @Mixin ProgramOptions program = new ProgramOptions();

    @Override
    int ask(ManagedChannel channel, PrintStream out) throws UsageException, IOException {
      if (limits.isEmpty() && clear.isEmpty() && program.isEmpty()) {
        throw new UsageException(
            "nothing to change: name at least one limit, for example --concurrency 5");
      }
      if (clear.names(ClearOption.PROGRAM) && !program.isEmpty()) {
        throw new UsageException("--clear program goes without options of the program");
      }
      FieldMask.Builder mask = limits.mask("limits");
      if (!program.isEmpty()) {
        mask.addPaths("program");
      }
      Function changed =
          functions(channel)
              .updateFunction(
                  UpdateFunctionRequest.newBuilder()
                      .setFunction(
                          Function.newBuilder()
                              .setName(functionName(function))
                              .setLimits(limits.applyTo(FunctionLimits.newBuilder()))
                              .setProgram(program.settings()))
                      .setUpdateMask(clear.addTo(mask, "limits"))
                      .build());
      if (json) {
        out.println(toJson(changed));
      } else {
        out.println(changed.getName());
        out.print(QuotaText.of(changed.getLimits()));
        out.print(ProgramText.of(changed.getProgram()));
      }
      return 0;
    }
  }

  /** {@code function delete}. */
  @Command(name = "delete", description = "Delete a function and its versions.")
  static final class Delete extends ClientCommand {
    @Parameters(paramLabel = "TENANT/FUNCTION")
    String function = "";

    @Override
    int ask(ManagedChannel channel, PrintStream out) throws UsageException {
      String name = functionName(function);
      Empty unused =
          functions(channel)
              .deleteFunction(DeleteFunctionRequest.newBuilder().setName(name).build());
      out.println(json ? "{}" : "deleted " + name);
      return 0;
    }
  }
}
