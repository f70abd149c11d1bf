package dev.troupe.load.run;

import dev.troupe.functions.v1.TenantQuotas;
import dev.troupe.load.client.Platform;
import dev.troupe.load.scenario.Scenario;
import dev.troupe.load.scenario.Scenario.FunctionGroup;
import dev.troupe.load.scenario.Scenario.TenantGroup;
import dev.troupe.load.scenario.StreamSpec;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The tenants and functions of a run. Their names begin with something that no other run has. */
final class Stage {
  /** Requests at once while the stage is built. */
  private static final int BUILDERS = 8;

  /** Variants below are those of the first deployment. */
  private static final long FIRST_VERSION = 1_000_000;

  private static final long SERVER_SECONDS = 180;

  private final Scenario scenario;
  private final Platform platform;
  private final String prefix;
  private final AtomicLong deployments = new AtomicLong();

  Stage(Scenario scenario, Platform platform, String prefix) {
    this.scenario = scenario;
    this.platform = platform;
    this.prefix = prefix;
  }

  /** Ids of the tenants of a group. */
  List<String> tenants(TenantGroup group) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < group.count(); i++) {
      ids.add(prefix + group.name() + (group.count() == 1 ? "" : "-" + i));
    }
    return ids;
  }

  /** Full names of the functions that a stream calls: tenants first, then variants. */
  List<String> functionNames(String function) {
    FunctionGroup group = scenario.functions().get(function);
    if (group == null) {
      return List.of(function);
    }
    List<String> names = new ArrayList<>();
    for (int variant = 0; variant < group.variants(); variant++) {
      for (String tenant : tenants(groupOf(group))) {
        names.add("tenants/" + tenant + "/functions/" + group.id(variant));
      }
    }
    return names;
  }

  /** The group that a tenant of this run belongs to, or null for somebody else's tenant. */
  @Nullable String groupOfTenant(String tenantName) {
    String id = tenantName.substring(tenantName.indexOf('/') + 1);
    if (!id.startsWith(prefix)) {
      return null;
    }
    String rest = id.substring(prefix.length());
    if (scenario.tenants().containsKey(rest)) {
      return rest;
    }
    int dash = rest.lastIndexOf('-');
    return dash > 0 && scenario.tenants().containsKey(rest.substring(0, dash))
        ? rest.substring(0, dash)
        : null;
  }

  /** Creates tenants and deploys all functions. */
  void build() throws IOException, InterruptedException {
    List<Callable<@Nullable Void>> creations = new ArrayList<>();
    for (TenantGroup group : scenario.tenants().values()) {
      for (String tenant : tenants(group)) {
        creations.add(() -> {
          create(tenant, group.quotas());
          return null;
        });
      }
    }
    together(creations);
    List<Callable<@Nullable Void>> uploads = new ArrayList<>();
    for (FunctionGroup function : scenario.functions().values()) {
      for (int variant = 0; variant < function.variants(); variant++) {
        String id = function.id(variant);
        byte[] module = function.module(variant).getBytes(StandardCharsets.UTF_8);
        for (String tenant : tenants(groupOf(function))) {
          uploads.add(() -> {
            var unused = platform.deploy(tenant, id, module);
            return null;
          });
        }
      }
    }
    together(uploads);
    for (Scenario.Phase phase : scenario.phases()) {
      for (StreamSpec stream : phase.streams()) {
        if (!scenario.functions().containsKey(stream.function())) {
          findFunction(stream.function());
        }
      }
    }
  }

  /** Whoever calls what is not there would measure refusals. */
  private void findFunction(String name) throws IOException {
    int version = name.indexOf("/versions/");
    try {
      var unused = platform.function(version < 0 ? name : name.substring(0, version));
    } catch (StatusRuntimeException e) {
      Status.Code code = e.getStatus().getCode();
      if (code == Status.Code.NOT_FOUND || code == Status.Code.INVALID_ARGUMENT) {
        throw new IOException("there is nothing to call: " + e.getStatus().getDescription(), e);
      }
      throw e;
    }
  }

  // After a restart the server may remember its tenants.
  private void create(String tenant, TenantQuotas quotas) {
    try {
      var unused = platform.createTenant(tenant, quotas);
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() != Status.Code.ALREADY_EXISTS) {
        throw e;
      }
    }
  }

  /** Builds everything again on a server that has just started. */
  void rebuild() throws IOException, InterruptedException {
    platform.awaitServer(SERVER_SECONDS);
    build();
  }

  /** Deploys another version of a function, one of so many or a new one, to all its tenants. */
  void deploy(String function, int versions) throws IOException, InterruptedException {
    FunctionGroup group = scenario.functions().get(function);
    if (group == null) {
      throw new IOException("no function " + function);
    }
    long deployment = deployments.getAndIncrement();
    long version = FIRST_VERSION + (versions == 0 ? deployment : deployment % versions);
    byte[] module = group.module(version).getBytes(StandardCharsets.UTF_8);
    List<Callable<@Nullable Void>> uploads = new ArrayList<>();
    for (String tenant : tenants(groupOf(group))) {
      uploads.add(() -> {
        var unused = platform.deploy(tenant, group.id(0), module);
        return null;
      });
    }
    together(uploads);
  }

  /** Changes quotas of a group's tenants. */
  void changeQuotas(String group, TenantQuotas quotas) {
    TenantGroup tenants = scenario.tenants().get(group);
    if (tenants != null) {
      for (String tenant : tenants(tenants)) {
        var unused = platform.updateQuotas(tenant, quotas);
      }
    }
  }

  /** Deletes the tenants. What cannot be deleted is returned, for people. */
  List<String> clear() throws InterruptedException {
    List<String> failures = new ArrayList<>();
    for (TenantGroup group : scenario.tenants().values()) {
      for (String tenant : tenants(group)) {
        try {
          platform.deleteTenant(tenant);
        } catch (StatusRuntimeException e) {
          failures.add(tenant + ": " + e.getMessage());
        }
      }
    }
    return failures;
  }

  private TenantGroup groupOf(FunctionGroup function) {
    TenantGroup group = scenario.tenants().get(function.tenants());
    if (group == null) {
      throw new IllegalStateException("the reader checked that " + function.tenants() + " exists");
    }
    return group;
  }

  private static void together(List<Callable<@Nullable Void>> tasks)
      throws IOException, InterruptedException {
    try (ExecutorService builders =
        Executors.newFixedThreadPool(BUILDERS, Thread.ofVirtual().factory())) {
      for (Future<@Nullable Void> done : builders.invokeAll(tasks)) {
        try {
          Void unused = done.get();
        } catch (ExecutionException e) {
          if (e.getCause() instanceof StatusException
              || e.getCause() instanceof StatusRuntimeException) {
            throw new IOException("the server refused: " + e.getCause().getMessage(), e);
          }
          throw new IOException(e.getCause());
        }
      }
    }
  }
}
