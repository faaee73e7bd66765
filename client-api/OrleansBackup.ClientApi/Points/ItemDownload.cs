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
internal sealed record ItemDownload(string Name, string Extension, string ContentType, Func<IRestorePointGrain, CancellationToken, IAsyncEnumerable<ReadOnlyMemory<byte>>> Read)
{
    private const string FileRole = "content";
    private const string JsonRole = "json";
    private const string MimeType = "mimeType";
    private const int LongestExtension = 16;

    public string FileName => Name + Extension;

    /// <returns>Null: the point has no such file of it; <see cref="Refusal"/> says why.</returns>
    public static ItemDownload? Of(ItemAtPoint item) => item switch
    {
        _ when Has(item, FileRole) => OfFile(item),
        { HasMime: true } => new(SafeFileName.Of(item.Subject, "no subject"), ".eml", "message/rfc822", (point, cancellation) => point.ReadMime(item.Id, cancellation)),
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

    private static ItemDownload OfFile(ItemAtPoint item)
    {
        var name = SafeFileName.Of(item.Subject, "file");
        var extension = Path.GetExtension(name) is { Length: > 1 and <= LongestExtension } found && found.Length < name.Length ? found : "";
        return new(name[..^extension.Length], extension, ContentTypeOf(item), (point, cancellation) => point.ReadContent(item.Id, FileRole, cancellation));
    }

    private static string ContentTypeOf(ItemAtPoint item) => DownloadHeaders.SafeContentType(item.Facts.GetValueOrDefault(MimeType) ?? "");

    private static ItemDownload OfRole(ItemAtPoint item, string role, string contentType) =>
        new(SafeFileName.Of(item.Subject, item.Kind), $".{role}", contentType, (point, cancellation) => point.ReadContent(item.Id, role, cancellation));

    private static bool Has(ItemAtPoint item, string role) => item.Contents.Any(content => content.Role == role);
}
