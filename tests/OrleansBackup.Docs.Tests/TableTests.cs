using OrleansBackup.ClientApi.Problems;
using OrleansBackup.Docs.Tests.Hosting;
using OrleansBackup.Domain.Access;
using OrleansBackup.Domain.Subscriptions;

namespace OrleansBackup.Docs.Tests;

/// <summary>Tables of the pages are those of the code, to the letter.</summary>
[Collection(nameof(DocumentedServer))]
public sealed class TableTests(DocumentedServer server)
{
    [Fact]
    public async Task The_permissions_to_grant_are_those_that_the_server_asks_for()
    {
        var permissions = (await server.GetAsync($"/api/v1/tenants/{server.Created.TenantId}/permissions")).GetProperty("permissions").EnumerateArray().ToList();
        Assert.Contains(permissions, permission => permission.GetProperty("neededForBackup").GetBoolean());
        Pages.AssertTable("getting-started.md", "permissions",
        [
            "| application permission | what for | without it |", "| --- | --- | --- |",
            .. permissions.Select(permission => $"| `{permission.GetProperty("name").GetString()}` | {permission.GetProperty("purpose").GetString()} | "
                + (permission.GetProperty("neededForBackup").GetBoolean() ? "no backup" : permission.GetProperty("neededForRestore").GetBoolean() ? "no restore" : "only this is missing") + " |"),
        ]);
    }

    [Fact]
    public void The_roles_are_those_of_the_role_table() => Pages.AssertTable("security.md", "roles",
    [
        $"| permission | {string.Join(" | ", Roles.All.Select(role => $"`{role.Token()}`"))} |", $"| --- |{string.Concat(Roles.All.Select(_ => " --- |"))}",
        .. Enum.GetValues<Permission>().Select(permission => $"| {permission} | {string.Join(" | ", Roles.All.Select(role => role.Allows(permission) ? "yes" : ""))} |"),
    ]);

    [Fact]
    public void Every_kind_of_error_stands_on_the_page_with_its_cause_and_cure() => Pages.AssertTable("troubleshooting.md", "problems",
        ProblemCatalogue.All.OrderBy(type => type.Slug, StringComparer.Ordinal).SelectMany(type => new[]
        {
            $"### {type.Title.En} (`{type.Slug}`, {type.Status})", "", $"**Cause.** {type.Cause.En}", "", $"**Cure.** {type.Cure.En}", "",
            $"*{type.Title.Nl}.* {type.Cause.Nl} {type.Cure.Nl}", "",
        }));

    [Fact]
    public void The_kinds_of_events_are_those_of_the_catalogue() => Pages.AssertTable("webhooks.md", "kinds",
    [
        "| kind | whose | what | when |", "| --- | --- | --- | --- |",
        .. EventCatalogue.All.Select(kind => $"| `{System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName($"{kind.Kind}")}` | {(kind.OfTenant ? "tenant and provider" : "provider")} | {kind.Title.En} | {kind.Meaning.En} |"),
    ]);
}
