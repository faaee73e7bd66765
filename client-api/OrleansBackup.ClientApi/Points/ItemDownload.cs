using System.Collections.Immutable;
using System.Globalization;
using OrleansBackup.ClientApi.Problems;
using OrleansBackup.ClientApi.Streams;
using OrleansBackup.GrainInterfaces.Points;

namespace OrleansBackup.ClientApi.Points;

/// <summary>The one file as which an item leaves a restore point, alone or in an archive.</summary>
/// <remarks>
/// A message is its MIME, a file its own bytes, an event, contact or task what calendars and address books read, and everything else the JSON of
/// Microsoft Graph: there is no other form of a list item or a channel message that every program reads.
/// </remarks>
/// <param name="Name">Without folders, safe to unpack anywhere; <paramref name="Extension"/> begins with a dot or is empty.</param>
/// <param name="Role">The content of the item that it is.</param>
/// <param name="Size">In bytes; null: it is made when it is read, and nobody knows before.</param>
internal sealed record ItemDownload(
    string Name, string Extension, string ContentType, string Role, long? Size, Func<IRestorePointGrain, CancellationToken, IAsyncEnumerable<ReadOnlyMemory<byte>>> Read)
{
    private const string FileRole = "content";
    private const string JsonRole = "json";
    private const string MimeRole = "mime";
    private const string PictureRole = "hosted-"; // begins the role of a picture that lies in a channel message
    private const string MimeType = "mimeType";
    private const int LongestExtension = 16;

    public string FileName => Name + Extension;

    /// <returns>Null: the point has no such file of it; <see cref="Refusal"/> says why.</returns>
    public static ItemDownload? Of(ItemAtPoint item) => item switch
    {
        _ when Has(item, FileRole) => OfFile(item),
        { HasMime: true } => new(SafeFileName.Of(item.Subject, "no subject"), ".eml", "message/rfc822", MimeRole, SizeOf(item, MimeRole), (point, cancellation) => point.ReadMime(item.Id, cancellation)),
        _ when ItemFileEndpoints.FormOf(item.Kind) is { } form => OfRole(item, form.Role, $"{form.ContentType}; charset=utf-8"),
        { Kind: "message" or "file" } => null,
        _ when Has(item, JsonRole) => OfRole(item, JsonRole, "application/json; charset=utf-8"),
        _ => null,
    };

    /// <summary>Why an item has no file, and what to do instead.</summary>
    public static string Refusal(ItemAtPoint item) => item.Kind == "file"
        ? "Microsoft 365 never handed over the bytes of this file. Its properties can be downloaded."
        : "Microsoft 365 never gave MIME for this item. Its properties and attachments can be downloaded.";

    /// <exception cref="ProblemException">The point has no such file of it.</exception>
    public static ItemDownload Require(ItemAtPoint item) => Of(item) ?? throw new ProblemException(Problem.NotPossibleNow(Refusal(item)));

    /// <summary>What lies beside an item's own file, because that does not hold it: attachments, and pictures in a message of a channel. Of MIME there is nothing: it holds all.</summary>
    /// <returns>Missing: attachments without bytes, by name, and why.</returns>
    public static (ImmutableArray<ItemDownload> Files, ImmutableArray<(string Name, string Reason)> Missing) Beside(ItemAtPoint item, ItemDownload own)
    {
        if (item.HasMime)
            return ([], []);
        var (beside, missing) = (ImmutableArray.CreateBuilder<ItemDownload>(), ImmutableArray.CreateBuilder<(string Name, string Reason)>());
        foreach (var role in item.Contents.Select(content => content.Role).Where(role => role.StartsWith(PictureRole, StringComparison.Ordinal)))
            beside.Add(OfContent(item, $"{own.Name} picture", "", "application/octet-stream", role));
        for (var i = 0; i < item.Attachments.Length; i++)
        {
            var (attachment, role) = (item.Attachments[i], $"attachment-{i.ToString(CultureInfo.InvariantCulture)}");
            var name = SafeFileName.Of($"{own.Name} {attachment.Name}", "attachment");
            if (Has(item, role))
                beside.Add(OfContent(item, Path.GetFileNameWithoutExtension(name), Path.GetExtension(name), DownloadHeaders.SafeContentType(attachment.ContentType), role));
            else
                missing.Add((name, attachment.Problem ?? "It only refers to something elsewhere."));
        }
        return (beside.ToImmutable(), missing.ToImmutable());
    }

    private static ItemDownload OfFile(ItemAtPoint item)
    {
        var name = SafeFileName.Of(item.Subject, "file");
        var extension = Path.GetExtension(name) is { Length: > 1 and <= LongestExtension } found && found.Length < name.Length ? found : "";
        return OfContent(item, name[..^extension.Length], extension, ContentTypeOf(item), FileRole);
    }

    private static ItemDownload OfContent(ItemAtPoint item, string name, string extension, string contentType, string role) =>
        new(name, extension, contentType, role, SizeOf(item, role), (point, cancellation) => point.ReadContent(item.Id, role, cancellation));

    private static string ContentTypeOf(ItemAtPoint item) => DownloadHeaders.SafeContentType(item.Facts.GetValueOrDefault(MimeType) ?? "");

    private static ItemDownload OfRole(ItemAtPoint item, string role, string contentType) =>
        OfContent(item, SafeFileName.Of(item.Subject, item.Kind), $".{role}", contentType, role);

    private static long? SizeOf(ItemAtPoint item, string role) => item.Contents.FirstOrDefault(content => content.Role == role)?.Size;

    private static bool Has(ItemAtPoint item, string role) => item.Contents.Any(content => content.Role == role);
}
