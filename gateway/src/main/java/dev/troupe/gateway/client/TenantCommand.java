package dev.troupe.gateway.client;

import com.google.protobuf.Empty;
import dev.troupe.functions.v1.CreateTenantRequest;
import dev.troupe.functions.v1.DeleteTenantRequest;
import dev.troupe.functions.v1.GetTenantRequest;
import dev.troupe.functions.v1.ListTenantsRequest;
import dev.troupe.functions.v1.ListTenantsResponse;
import dev.troupe.functions.v1.Tenant;
import dev.troupe.functions.v1.TenantQuotas;
import dev.troupe.functions.v1.TenantServiceGrpc;
import dev.troupe.functions.v1.TenantServiceGrpc.TenantServiceBlockingStub;
import dev.troupe.functions.v1.UpdateTenantRequest;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.io.PrintStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code troupe tenant ...}. */
@Command(
    name = "tenant",
    description = "Create, show, change and delete tenants.",
    subcommands = {
      TenantCommand.Create.class,
      TenantCommand.Get.class,
      TenantCommand.ListAll.class,
      TenantCommand.Update.class,
      TenantCommand.Delete.class
    })
public final class TenantCommand {

  private static TenantServiceBlockingStub tenants(ManagedChannel channel) {
    return TenantServiceGrpc.newBlockingStub(channel);
  }

  /** A tenant and its quotas, as a table row or JSON. */
  private static void show(Tenant tenant, boolean json, PrintStream out) throws IOException {
    if (json) {
      out.println(ClientCommand.toJson(tenant));
      return;
    }
    out.println(tenant.getName());
    out.print(QuotaText.of(tenant));
  }

  /** {@code tenant create}. */
  @Command(name = "create", description = "Create a tenant.")
  static final class Create extends ClientCommand {
    @Parameters(paramLabel = "TENANT", description = "1 to 63 of a-z, 0-9 and '-'.")
    String tenant = "";

    @Mixin QuotaOptions quotas = new QuotaOptions();

    @Override
    int ask(ManagedChannel channel, PrintStream out) throws UsageException, IOException {
      Tenant created =
          tenants(channel)
              .createTenant(
                  CreateTenantRequest.newBuilder()
                      .setTenantId(tenant)
                      .setTenant(
                          Tenant.newBuilder().setQuotas(quotas.applyTo(TenantQuotas.newBuilder())))
                      .build());
      show(created, json, out);
      return 0;
    }
  }

  /** {@code tenant get}. */
  @Command(
      name = "get",
      aliases = "show",
      description = "Show a tenant, its quotas, its usage and what it has consumed.")
  static final class Get extends ClientCommand {
    @Parameters(paramLabel = "TENANT")
    String tenant = "";

    @Override
    int ask(ManagedChannel channel, PrintStream out) throws IOException {
      show(
          tenants(channel)
              .getTenant(GetTenantRequest.newBuilder().setName(tenantName(tenant)).build()),
          json,
          out);
      return 0;
    }
  }

  /** {@code tenant list}. */
  @Command(name = "list", description = "List all tenants.")
  static final class ListAll extends ClientCommand {
    @Override
    int ask(ManagedChannel channel, PrintStream out) throws IOException {
      ListTenantsRequest.Builder request = ListTenantsRequest.newBuilder();
      ListTenantsResponse page;
      do {
        page = tenants(channel).listTenants(request.build());
        for (Tenant tenant : page.getTenantsList()) {
          out.println(json ? toJson(tenant) : tenant.getName());
        }
        request.setPageToken(page.getNextPageToken());
      } while (!page.getNextPageToken().isEmpty());
      return 0;
    }
  }

  /** {@code tenant update}. */
  @Command(name = "update", description = "Change the named quotas; the others stay.")
  static final class Update extends ClientCommand {
    @Parameters(paramLabel = "TENANT")
    String tenant = "";

    @Mixin QuotaOptions quotas = new QuotaOptions();

    @Mixin ClearOption clear = new ClearOption();

    @Override
    int ask(ManagedChannel channel, PrintStream out) throws UsageException, IOException {
      if (quotas.isEmpty() && clear.isEmpty()) {
        throw new UsageException(
            "nothing to change: name at least one quota, for example --rate 5");
      }
      Tenant changed =
          tenants(channel)
              .updateTenant(
                  UpdateTenantRequest.newBuilder()
                      .setTenant(
                          Tenant.newBuilder()
                              .setName(tenantName(tenant))
                              .setQuotas(quotas.applyTo(TenantQuotas.newBuilder())))
                      .setUpdateMask(clear.addTo(quotas.mask("quotas"), "quotas"))
                      .build());
      show(changed, json, out);
      return 0;
    }
  }

  /** {@code tenant delete}. */
  @Command(name = "delete", description = "Delete a tenant.")
  static final class Delete extends ClientCommand {
    @Parameters(paramLabel = "TENANT")
    String tenant = "";

    @Option(names = "--force", description = "Delete its functions too.")
    boolean force;

    @Override
    int ask(ManagedChannel channel, PrintStream out) {
      DeleteTenantRequest request =
          DeleteTenantRequest.newBuilder().setName(tenantName(tenant)).setForce(force).build();
      Empty unused = tenants(channel).deleteTenant(request);
      out.println(json ? "{}" : "deleted " + tenantName(tenant));
      return 0;
    }
  }
}
