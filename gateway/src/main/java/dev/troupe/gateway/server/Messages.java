package dev.troupe.gateway.server;

import com.google.protobuf.ByteString;
import dev.troupe.actors.TenantConsumption;
import dev.troupe.actors.TenantUsage;
import dev.troupe.actors.TenantView;
import dev.troupe.actors.artifact.Artifact;
import dev.troupe.actors.port.ModuleDescription;
import dev.troupe.actors.port.StoredTenant;
import dev.troupe.actors.port.StoredTenant.StoredFunction;
import dev.troupe.actors.port.StoredTenant.StoredVersion;
import dev.troupe.actors.port.WasmType;
import dev.troupe.functions.v1.ArtifactSource;
import dev.troupe.functions.v1.ExportedFunction;
import dev.troupe.functions.v1.Function;
import dev.troupe.functions.v1.FunctionVersion;
import dev.troupe.functions.v1.Tenant;
import dev.troupe.functions.v1.ValueType;
import java.util.HexFormat;
import java.util.List;

/** Resources of the actors as messages of the protocol. */
final class Messages {
  private Messages() {}

  static Tenant tenant(TenantView view) {
    StoredTenant stored = view.tenant();
    return Tenant.newBuilder()
        .setName("tenants/" + stored.tenantId())
        .setDisplayName(stored.displayName())
        .setQuotas(QuotaMessages.toMessage(stored.quotas()))
        .setUsage(usage(view.usage()))
        .setConsumption(consumption(view.consumption()))
        .setCreateTime(Times.toMessage(stored.createTime()))
        .setUpdateTime(Times.toMessage(stored.updateTime()))
        .setEtag(Long.toString(stored.revision()))
        .build();
  }

  static dev.troupe.functions.v1.TenantUsage usage(TenantUsage usage) {
    return dev.troupe.functions.v1.TenantUsage.newBuilder()
        .setMemoryBytes(usage.memoryBytes())
        .setInstances(usage.instances())
        .setConcurrency(usage.concurrency())
        .setQueueLength(usage.queueLength())
        .setFunctions(usage.functions())
        .setDeployedBytes(usage.deployedBytes())
        .setDeployments(usage.deployments())
        .build();
  }

  static dev.troupe.functions.v1.TenantConsumption consumption(TenantConsumption consumed) {
    return dev.troupe.functions.v1.TenantConsumption.newBuilder()
        .setCpuTime(Times.nanos(consumed.cpuNanos()))
        .setMemoryByteSeconds(consumed.memoryByteSeconds())
        .setDeployedByteSeconds(consumed.deployedByteSeconds())
        .setCompletedCalls(consumed.completed())
        .setTrappedCalls(consumed.trapped())
        .setRefusedCalls(consumed.refused())
        .setAbandonedCalls(consumed.abandoned())
        .setRequestBytes(consumed.requestBytes())
        .setResponseBytes(consumed.responseBytes())
        .setCompileCpuTime(Times.nanos(consumed.compileCpuNanos()))
        .setCompilations(consumed.compilations())
        .setFuel(consumed.fuel())
        .build();
  }

  static String functionName(String tenant, String function) {
    return "tenants/" + tenant + "/functions/" + function;
  }

  static String versionName(String tenant, String function, String sha256) {
    return functionName(tenant, function) + "/versions/" + sha256;
  }

  static Function function(String tenant, StoredFunction stored) {
    return Function.newBuilder()
        .setName(functionName(tenant, stored.functionId()))
        .setCurrentVersion(versionName(tenant, stored.functionId(), stored.current().sha256()))
        .setLimits(QuotaMessages.toMessage(stored.limits()))
        .setProgram(ProgramMessages.toMessage(stored.program()))
        .setCreateTime(Times.toMessage(stored.createTime()))
        .setUpdateTime(Times.toMessage(stored.updateTime()))
        .setEtag(Long.toString(stored.revision()))
        .build();
  }

  static FunctionVersion version(String tenant, String function, StoredVersion stored) {
    FunctionVersion.Builder message =
        FunctionVersion.newBuilder()
            .setName(versionName(tenant, function, stored.sha256()))
            .setSha256(ByteString.copyFrom(HexFormat.of().parseHex(stored.sha256())))
            .setModuleBytes(stored.moduleBytes())
            .setCreateTime(Times.toMessage(stored.createTime()))
            .setBytesAbi(stored.description().bytesAbi())
            .setWasi(stored.description().wasi())
            .setInitialMemoryBytes(stored.description().initialMemoryBytes());
    for (ModuleDescription.ExportedFunction export : stored.description().exports()) {
      message.addExports(
          ExportedFunction.newBuilder()
              .setName(export.name())
              .addAllParameters(types(export.parameters()))
              .addAllResults(types(export.results())));
    }
    return message.build();
  }

  static ArtifactSource source(Artifact.Source source) {
    return switch (source) {
      case MEMORY -> ArtifactSource.ARTIFACT_SOURCE_MEMORY;
      case FOLDER -> ArtifactSource.ARTIFACT_SOURCE_FOLDER;
      case COMPILED -> ArtifactSource.ARTIFACT_SOURCE_COMPILED;
    };
  }

  private static List<ValueType> types(List<WasmType> types) {
    return types.stream().map(Messages::type).toList();
  }

  private static ValueType type(WasmType type) {
    return switch (type) {
      case I32 -> ValueType.VALUE_TYPE_I32;
      case I64 -> ValueType.VALUE_TYPE_I64;
      case F32 -> ValueType.VALUE_TYPE_F32;
      case F64 -> ValueType.VALUE_TYPE_F64;
      case V128 -> ValueType.VALUE_TYPE_V128;
      case FUNCREF -> ValueType.VALUE_TYPE_FUNCREF;
      case EXTERNREF -> ValueType.VALUE_TYPE_EXTERNREF;
    };
  }
}
