using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace OrleansBackup.Portal.Hosting;

/// <summary>The style sheet, the scripts and the picture of the portal, from the program itself. Their address holds a hash of what they are, so browsers may keep them for ever.</summary>
public static class PortalAssets
{
    private const string Folder = "Assets/";

    private static readonly FrozenDictionary<string, Asset> All = typeof(PortalAssets).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Folder, StringComparison.Ordinal)).Select(Read).ToFrozenDictionary(asset => asset.Name, StringComparer.Ordinal);

    /// <exception cref="KeyNotFoundException">There is no such file in <c>Assets/</c>.</exception>
    public static string AddressOf(string name) => $"/assets/{All[name].Hash}/{name}";

    internal static void MapAssets(this IEndpointRouteBuilder portal) => portal.MapGet("/assets/{hash}/{name}", (string hash, string name, HttpContext context) =>
    {
        if (!All.TryGetValue(name, out var asset) || asset.Hash != hash)
            return Results.NotFound();
        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return Results.Bytes(asset.Content, asset.ContentType);
    }).AllowAnonymous().ExcludeFromDescription();

    private static Asset Read(string resource)
    {
        using var stream = typeof(PortalAssets).Assembly.GetManifestResourceStream(resource)!;
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        var name = resource[Folder.Length..];
        return new Asset(name, Convert.ToHexStringLower(SHA256.HashData(content))[..16], content, Path.GetExtension(name) switch
        {
            ".css" => "text/css; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            _ => "image/svg+xml",
        });
    }

    private sealed record Asset(string Name, string Hash, byte[] Content, string ContentType);
}
