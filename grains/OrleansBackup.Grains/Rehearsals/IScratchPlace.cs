using System.Collections.Immutable;
using System.Security.Cryptography;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Rehearsals;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Microsoft365;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Rehearsals;

/// <summary>How one kind of resource shows what a trial restored into it, and how it is taken away again.</summary>
/// <remarks>A place is known by its name alone, which holds a part of the job's id: what a process made just before it died is found by it, and nothing else has it.</remarks>
internal interface IScratchPlace
{
    ResourceKind Kind { get; }

    /// <summary>Why an item of this kind is not tried; null: it is.</summary>
    Task<string?> WhyNotAsync(PointReader point, ItemVersion item, CancellationToken cancellation);

    /// <summary>The permissions that putting it there and taking it away needs, by the names of the tenant's permission report.</summary>
    ImmutableArray<string> PermissionsFor(string itemKind);

    /// <summary>Other resources whose backup would take what is made for the customer's.</summary>
    Task<ImmutableArray<ResourceId>> AlsoHoldsAsync(GraphClient client, ResourceId target, CancellationToken cancellation);

    /// <summary>The item as the restore point has it.</summary>
    Task<ItemPicture> InPointAsync(PointReader point, ItemVersion item, CancellationToken cancellation);

    /// <summary>The same as Microsoft 365 has it now; null: it is not there.</summary>
    /// <param name="newId">As the restore named it.</param>
    Task<ItemPicture?> InPlaceAsync(Scratch scratch, PointReader point, ItemVersion item, string newId, CancellationToken cancellation);

    /// <summary>Takes away whatever has the scratch place's name. Safe to repeat.</summary>
    /// <returns>False: something of it is still there.</returns>
    Task<bool> ClearAsync(Scratch scratch, string itemKind, CancellationToken cancellation);
}

/// <summary>A scratch place.</summary>
internal sealed record Scratch(GraphClient Client, ResourceId Target, string Name)
{
    /// <summary>What people can see for a moment, if they look: thirty characters, as many as every place takes.</summary>
    public static string NameOf(RestoreJobId job) => $"OrleansBackup rehearsal {job.Value.ToString("N")[^6..]}";
}

/// <summary>What pictures are made of.</summary>
internal static class PictureParts
{
    public static async Task<string> HashAsync(Stream content, CancellationToken cancellation) => Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellation));

    public static async Task<string?> HashAsync(PointReader point, ItemVersion item, string role, CancellationToken cancellation)
    {
        if (!item.Contents.TryGetValue(role, out var content))
            return null;
        await using var stream = await point.OpenContentAsync(content, cancellation);
        return await HashAsync(stream, cancellation);
    }

    public static async Task<ReadOnlyMemory<byte>> ReadAsync(PointReader point, ItemVersion item, string role, CancellationToken cancellation)
    {
        var content = item.Contents[role];
        await using var stream = await point.OpenContentAsync(content, cancellation);
        using var buffer = new MemoryStream((int)content.Length);
        await stream.CopyToAsync(buffer, cancellation);
        return buffer.ToArray();
    }

    /// <summary>Attachments in an order that does not hang on the side that lists them.</summary>
    public static ItemPicture WithAttachments(this ItemPicture picture, IEnumerable<(string Name, string? ContentType, string Kind, bool IsInline, string? Sha256)> attachments)
    {
        var at = 0;
        foreach (var one in attachments.OrderBy(one => one.Name, StringComparer.Ordinal).ThenBy(one => one.Sha256, StringComparer.Ordinal))
        {
            var path = $"attachments[{at++}]";
            picture = picture.With($"{path}.name", one.Name).With($"{path}.contentType", one.ContentType?.ToLowerInvariant()) // RFC 2045, 5.1: types have no case
                .With($"{path}.kind", one.Kind).With($"{path}.isInline", one.IsInline ? "true" : null).With($"{path}.bytes", one.Sha256);
        }
        return picture;
    }
}
