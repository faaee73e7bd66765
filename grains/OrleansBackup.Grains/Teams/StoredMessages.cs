using System.Collections.Immutable;
using OrleansBackup.Microsoft365.Teams;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Teams;

/// <summary>Reads the pictures of a message from a restore point.</summary>
internal static class StoredMessages
{
    public static async Task<IReadOnlyList<StoredHostedContent>> PicturesAsync(PointReader point, ItemVersion item, CancellationToken cancellation)
    {
        var pictures = new List<StoredHostedContent>();
        foreach (var (role, content) in item.Contents.Where(content => content.Key.StartsWith(TeamItems.HostedRole, StringComparison.Ordinal)))
        {
            await using var stream = await point.OpenContentAsync(content, cancellation);
            using var buffer = new MemoryStream((int)content.Length);
            await stream.CopyToAsync(buffer, cancellation);
            pictures.Add(new StoredHostedContent(role[TeamItems.HostedRole.Length..], TypeOf(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)), buffer.ToArray()));
        }
        return pictures;
    }

    // The service tells no type beside the bytes; pictures say themselves what they are.
    private static string TypeOf(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0xFF, 0xD8, ..] => "image/jpeg",
        [(byte)'G', (byte)'I', (byte)'F', ..] => "image/gif",
        _ => "image/png",
    };
}
