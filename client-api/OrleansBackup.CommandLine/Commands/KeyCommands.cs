using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using OrleansBackup.CommandLine.Http;
using OrleansBackup.CommandLine.Output;

namespace OrleansBackup.CommandLine.Commands;

/// <summary>API keys of others and of programs. A new key is shown once, and the server keeps its hash only.</summary>
internal static class KeyCommands
{
    private static readonly Argument<string> Key = new("key") { Description = "id of a key, as the list gives it" };
    private static readonly Argument<string> Name = new("name") { Description = "whose or what it is for, in lower-case letters, digits and hyphens; recorded with everything that is done with it" };
    private static readonly Option<string[]> Roles = Role();
    private static readonly Option<string[]> Tenants = Parts.Several("--tenant", "customer that it is good for; may be repeated; without it, all", "TENANT");
    private static readonly Option<bool> AtOnce = new("--at-once") { Description = "the secret before ends now, not after a day" };
    private static readonly Option<int?> Days = Parts.Least("--days", "days until it expires; without it, what the server gives (90)");

    private static readonly Column[] Sheet =
    [
        Column.Id("KEY", "id"), Column.Text("NAME", "name"), Column.Text("ROLES", "roles"), Column.Of("CUSTOMERS", key => key.Items("tenants").Count > 0 ? key.Text("tenants") : "all"),
        Column.Text("GOOD", "isValid"), Column.Time("EXPIRES", "expiresAt"), Column.Time("LAST USED", "lastUsedAt"), Column.Text("MADE BY", "madeBy"), Column.Time("REVOKED", "revokedAt"),
    ];

    public static Command Build(Verbs verbs) => Verbs.Group("key", "API keys.",
        verbs.Make("list", "Lists API keys; the keys themselves are nowhere.", [Parts.Limit], async (call, cancellation) =>
            call.Print.List(await call.ListAsync("keys", "keys", cancellation), "keys", Sheet)),
        verbs.Show("show", "Describes a key, never its secret.", "keys/{key}", Sheet),
        verbs.Make("add", "Makes a key and shows it once, alone on standard output.", [Name, Roles, Tenants, Days], async (call, cancellation) =>
        {
            var tenants = new List<string>();
            foreach (var named in call.Get(Tenants)!)
                tenants.Add(await Names.TenantAsync(call.Api, named, cancellation));
            Secrets.Show(call, await call.Api.PostAsync("keys", new JsonObject
            {
                ["name"] = call.Get(Name),
                ["roles"] = new JsonArray([.. call.Get(Roles)!.Select(role => JsonValue.Create(role))]),
                ["tenants"] = tenants.Count == 0 ? null : new JsonArray([.. tenants.Select(tenant => JsonValue.Create(tenant))]),
                ["life"] = call.Get(Days) is { } days ? TimeSpan.FromDays(days).ToString("c", CultureInfo.InvariantCulture) : null,
            }, cancellation));
        }),
        verbs.Make("rotate", "Gives a key another secret, and shows it once; the one before is good for another day.", [Key, AtOnce], async (call, cancellation) =>
            Secrets.Show(call, await call.Api.PostAsync(Address.Of("keys", call.Get(Key), "rotations"), new JsonObject { ["grace"] = call.Get(AtOnce) ? "00:00:00" : null }, cancellation))),
        verbs.Make("revoke", "Ends a key at once.", [Key], async (call, cancellation) =>
        {
            await call.Api.ChangeAsync(HttpMethod.Delete, Address.Of("keys", call.Get(Key)), null, null, cancellation);
            call.Print.Note("The key is revoked.");
        }));

    private static Option<string[]> Role()
    {
        var option = new Option<string[]>("--role") { Description = "what it may do; may be repeated", HelpName = "ROLE", Required = true };
        option.AcceptOnlyFromAmong("provider-admin", "provider-operator", "customer-contact", "auditor");
        return option;
    }
}
