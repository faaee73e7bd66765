using System.CommandLine;
using System.Text.Json.Nodes;
using OrleansBackup.CommandLine.Http;
using OrleansBackup.CommandLine.Output;

namespace OrleansBackup.CommandLine.Commands;

/// <summary>Where backups are and what may leave there: moves, sweeps, expiry and its brake, legal holds, acceptances.</summary>
internal static class StoreCommands
{
    private static readonly Option<string> ToStore = new("--to-store") { Description = "name of the store", HelpName = "NAME", Required = true };

    private static readonly Column[] Move =
    [
        Column.Time("ASKED", "asked.at"), Column.Text("FROM", "from"), Column.Text("TO", "to"), Column.Text("STATE", "state"), Column.Text("STEP", "step"), Column.Number("OBJECTS", "objects"), Column.Bytes("SIZE", "bytes"),
        Column.Time("ENDED", "endedAt"), Column.Text("PROBLEM", "problem"),
    ];

    private static readonly Column[] Countries = [Column.Of("countries", storage => storage.Items("countries").Count > 0 ? storage.Text("countries") : "anywhere")];

    private static readonly Column[] Standing =
    [
        Column.Text("brake", "brake.on"), Column.Time("since", "brake.since"), Column.Text("because", "brake.reasons"), Column.Text("released by", "brake.released.who"), Column.Text("legal hold", "legalHold.stands"),
        Column.Text("placed by", "legalHold.placed.who"), Column.Text("why", "legalHold.placed.why"), Column.Text("hold of the whole customer", "tenantHold"),
    ];

    public static Command Build(Verbs verbs) => Verbs.Group("store", "Where backups are, and what may leave there.",
        verbs.Make("list", "Lists the stores in use: which customers are where.", [], ListAsync),
        verbs.Make("moves", "Lists the moves of a customer between stores, newest first.", [Parts.Tenant, Parts.Limit], async (call, cancellation) =>
            call.Print.List(await call.ListAsync(Address.OfTenant(await call.TenantAsync(cancellation), "moves"), "moves", cancellation), "moves", Move)),
        verbs.Make("move", "Begins to move a customer's backups to another store; it goes on by itself, and runs wait for it.", [Parts.Tenant, ToStore, Parts.Why], async (call, cancellation) =>
            call.Print.Sheet(await call.Api.PostAsync(Address.OfTenant(await call.TenantAsync(cancellation), "moves"), new JsonObject { ["store"] = call.Get(ToStore), ["why"] = call.Get(Parts.Why) }, cancellation), Move)),
        verbs.Watch("watch", "Watches the newest move of a customer until it has ended.", "tenants/{tenant}/moves/latest/events", "move", move => new(move.Text("step"), move.Number("objects"), 0), Move,
            move => move.Text("state") == "failed" ? ExitCode.Failed : ExitCode.Done),
        verbs.Show("countries", "Says in which countries a customer's backups may lie.", "tenants/{tenant}/storage", Countries),
        verbs.Send("set-countries", "Says in which countries a customer's backups may lie; refused if the store that holds them lies elsewhere.", "PUT tenants/{tenant}/storage", [Column.Text("countries", "storage.countries")],
            Field.Several("--country", "countries", "two letters, such as NL", "COUNTRY", required: true)),
        verbs.Make("sweep", "Looks in a customer's store for content that nothing names any more.", [Parts.Tenant], async (call, cancellation) =>
            call.Print.Sheet(await call.Api.PostAsync(Address.OfTenant(await call.TenantAsync(cancellation), "sweeps"), null, cancellation), Column.Number("sweeps started", "started"))),
        verbs.Send("expire", "Lets restore points of a resource go now that retention no longer owes.", "POST tenants/{tenant}/resources/{resource}/expiries",
            [Column.Text("gone", "gone"), Column.Number("kept", "kept"), Column.Bytes("reclaimed", "reclaimedBytes")]),
        verbs.Make("brake", "Says whether a brake or a legal hold keeps points of a resource from expiring.", [Parts.Tenant, Parts.Resource], async (call, cancellation) =>
        {
            var (tenant, resource) = await call.ResourceAsync(cancellation);
            call.Print.Sheet(await call.Api.GetAsync(Address.OfResource(tenant, resource, "brake"), cancellation), Standing);
        }),
        verbs.SendBySecondPerson("release-brake", "Releases the brake on expiry after somebody has looked.", "tenants/{tenant}/resources/{resource}/brake/releases", Standing, Field.Why),
        verbs.Send("hold", "Places a legal hold: no restore point of the resource expires.", "POST tenants/{tenant}/resources/{resource}/legal-hold", Standing, Field.Why),
        verbs.SendBySecondPerson("lift-hold", "Lifts the legal hold of a resource.", "tenants/{tenant}/resources/{resource}/legal-hold/lifts", Standing, Field.Why),
        verbs.Send("hold-all", "Places a legal hold on the whole customer: no restore point of any resource expires, also of those to come.", "POST tenants/{tenant}/legal-hold", [Column.Text("name", "name"), Column.Text("legal hold", "settings.retention.legalHold")], Field.Why),
        verbs.SendBySecondPerson("lift-hold-all", "Lifts the legal hold of the whole customer.", "tenants/{tenant}/legal-hold/lifts", [Column.Text("name", "name"), Column.Text("legal hold", "settings.retention.legalHold")], Field.Why),
        verbs.SendBySecondPerson("accept", "Lets runs go on from a vault as it is found, after somebody has looked why it is not as it was left.", "tenants/{tenant}/resources/{resource}/vault/acceptances",
            [Column.Text("accepted by", "decision.who"), Column.Text("was set back", "wasSetBack"), Column.Number("goes on from point", "newestPoint")], Field.Why));

    /// <summary>The API names a store with each customer, so that is where the list comes from.</summary>
    private static async Task ListAsync(Call call, CancellationToken cancellation)
    {
        var stores = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var tenant in (await call.Api.AllAsync("tenants", "tenants", null, cancellation)).Items("tenants"))
        {
            var store = (await call.Api.GetAsync(Address.OfTenant(tenant.Text("id")), cancellation)).Text("store");
            if (!stores.TryGetValue(store, out var there))
                stores[store] = there = [];
            there.Add(tenant.Text("name"));
        }
        call.Print.List(System.Text.Json.JsonSerializer.SerializeToElement(new { stores = stores.Select(store => new { name = store.Key, tenants = store.Value }) }), "stores",
            Column.Text("STORE", "name"), Column.Of("CUSTOMERS", store => $"{store.Items("tenants").Count}"), Column.Text("WHO", "tenants"));
    }
}
