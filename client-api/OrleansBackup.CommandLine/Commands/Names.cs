using System.Text.Json;
using OrleansBackup.CommandLine.Http;
using OrleansBackup.CommandLine.Output;

namespace OrleansBackup.CommandLine.Commands;

/// <summary>From what people call a customer, a resource or a folder to its id. A name that fits several is refused, with their ids.</summary>
internal static class Names
{
    private static readonly string[] Kinds = ["mailbox-", "onedrive-", "site-", "team-", "group-", "archives", "public-folders", "chats"];

    public static async Task<string> TenantAsync(ApiClient api, string named, CancellationToken cancellation) => Guid.TryParse(named, out _)
        ? named
        : One(named, "customer", [.. (await api.AllAsync("tenants", "tenants", null, cancellation)).Items("tenants").Where(tenant => Is(tenant, "name", named))]);

    /// <summary>By its id, its address or its name; <c>onedrive:</c> or another kind before them tells those of one person apart.</summary>
    public static async Task<string> ResourceAsync(ApiClient api, string tenant, string named, CancellationToken cancellation)
    {
        if (Kinds.Any(kind => named.StartsWith(kind, StringComparison.Ordinal)))
            return named;
        var kind = Kinds.FirstOrDefault(kind => named.StartsWith($"{kind.TrimEnd('-')}:", StringComparison.OrdinalIgnoreCase)) ?? "";
        var name = kind.Length > 0 ? named[kind.TrimEnd('-').Length..][1..] : named;
        return One(named, "resource", [.. (await api.AllAsync(Address.OfTenant(tenant, "resources"), "resources", null, cancellation)).Items("resources")
            .Where(resource => resource.Text("id").StartsWith(kind, StringComparison.Ordinal) && (Is(resource, "address", name) || Is(resource, "displayName", name)))]);
    }

    /// <summary>By its id or its path. Names that hold a / can only be given by id.</summary>
    public static async Task<string> FolderAsync(ApiClient api, string tenant, string resource, string point, string named, CancellationToken cancellation)
    {
        var folders = (await api.GetAsync(Address.OfPoint(tenant, resource, point, "folders"), cancellation)).Items("folders");
        return folders.Any(folder => folder.Text("id") == named) ? named
            : One(named, "folder", [.. folders.Where(folder => string.Join('/', folder.Items("path").Select(name => name.Text())) == named)]);
    }

    private static bool Is(JsonElement thing, string property, string named) => string.Equals(thing.Text(property), named, StringComparison.OrdinalIgnoreCase);

    private static string One(string named, string what, IReadOnlyList<JsonElement> found) => found switch
    {
        [var only] => only.Text("id"),
        [] => throw new CommandFailedException(ExitCode.NotFound, $"There is no {what} '{named}'."),
        _ => throw new CommandFailedException(ExitCode.WrongCall, $"'{named}' may be {string.Join(" or ", found.Select(one => one.Text("id")))}.", "Give the id; for a resource, its kind before its address will do: mailbox:anna@example.com."),
    };
}
