namespace OrleansBackup.CommandLine.Http;

/// <summary>Builds addresses of the API: every name in them is escaped, so that none can lead elsewhere.</summary>
internal static class Address
{
    /// <summary>Parts of a path; an id of Microsoft 365 may hold any character.</summary>
    /// <exception cref="CommandFailedException">A part that a server would take for a step to another place.</exception>
    public static string Of(params string[] parts) => string.Join('/', parts.Select(part => part is "" or "." or ".."
        ? throw CommandFailedException.Wrong($"'{part}' is no name or id.")
        : Uri.EscapeDataString(part)));

    public static string OfTenant(string tenant, params string[] parts) => Of(["tenants", tenant, .. parts]);

    public static string OfResource(string tenant, string resource, params string[] parts) => Of(["tenants", tenant, "resources", resource, .. parts]);

    public static string OfPoint(string tenant, string resource, string point, params string[] parts) => OfResource(tenant, resource, ["points", point, .. parts]);

    /// <param name="query">Names and values; those without a value are left out.</param>
    public static string With(this string path, params (string Name, string? Value)[] query)
    {
        var given = query.Where(part => !string.IsNullOrEmpty(part.Value)).Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value!)}").ToArray();
        return given.Length == 0 ? path : $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{string.Join('&', given)}";
    }
}
