using System.Collections.Immutable;
using System.Text;
using OrleansBackup.GrainInterfaces.Points;

namespace OrleansBackup.Portal.Previews;

/// <summary>What of an item a person is shown: its fields and its text, or a picture, or the beginning of a text file; and what had to be left out.</summary>
/// <param name="Html">Safe, of a body; null: there is no preview of this kind of thing.</param>
/// <param name="IsTooLarge">There would be one, but the item is too large for it.</param>
internal sealed record Preview(ImmutableArray<PreviewFields.Field> Fields, SafeHtml.Result? Html, bool IsTooLarge = false)
{
    /// <summary>Why there is none, or what it leaves out, as the key of a text; null: nothing to say.</summary>
    public string? Remark { get; init; }
}

/// <summary>Makes previews. Of office documents the text alone is unpacked, within bounds; nothing is drawn, nothing is converted and nothing is fetched.</summary>
internal static class PreviewReader
{
    private const int LargestPictureFile = 6_000_000, LargestOfficeFile = 10_000_000, LongestTextFile = 300_000;

    private static readonly ImmutableHashSet<string> TextFiles =
    [
        ".txt", ".csv", ".tsv", ".log", ".md", ".json", ".xml", ".html", ".htm", ".css", ".js", ".ts", ".cs", ".py", ".sh", ".ps1", ".bat", ".ini", ".yaml", ".yml", ".toml", ".sql", ".ics", ".vcf", ".eml", ".svg", ".tex", ".rtf",
    ];

    private static readonly ImmutableHashSet<string> Pictures = [".png", ".jpg", ".jpeg", ".gif"];

    /// <param name="noPicture">What stands in place of a picture that is not shown.</param>
    public static async Task<Preview> ReadAsync(IRestorePointGrain point, ItemAtPoint item, string noPicture, CancellationToken cancellation)
    {
        var reading = new ItemReading(point, item);
        if (item.Kind == "file")
            return await OfFileAsync(reading, item, cancellation);
        using var json = await reading.JsonAsync(cancellation);
        if (json is null)
            return new Preview([], null, IsTooLarge: true);
        var fields = PreviewFields.Of(json.RootElement);
        if (PreviewFields.Body(json.RootElement) is not var (content, isHtml))
            return new Preview(fields, null);
        if (!isHtml)
            return new Preview(fields, SafeHtml.OfText(content));
        var pictures = content.Contains("cid:", StringComparison.OrdinalIgnoreCase) ? await reading.PicturesAsync(cancellation)
            : item.Kind == "channel-message" ? await reading.HostedPicturesAsync(cancellation) : [];
        return new Preview(fields, SafeHtml.Of(content, pictures, noPicture));
    }

    private static async Task<Preview> OfFileAsync(ItemReading reading, ItemAtPoint item, CancellationToken cancellation)
    {
        var extension = Path.GetExtension(item.Subject).ToLowerInvariant();
        if (Pictures.Contains(extension))
            return await reading.BytesAsync("content", LargestPictureFile, cancellation) is { } bytes && PictureFile.ShowableType(bytes) is { } type
                ? new Preview([], new SafeHtml.Result($"<img class=\"whole\" alt=\"{SafeHtml.Encode(item.Subject)}\" src=\"data:{type};base64,{Convert.ToBase64String(bytes)}\">", "", 0, false))
                : new Preview([], null, IsTooLarge: true);
        if (extension == ".pdf")
            return new Preview([], null) { Remark = "preview.none-pdf" };
        if (OfficeText.Files.Contains(extension))
            return await OfOfficeAsync(reading, extension, cancellation);
        if (!TextFiles.Contains(extension) || await reading.BeginningAsync("content", LongestTextFile, cancellation) is not var (beginning, isCut))
            return new Preview([], null);
        return new Preview([], SafeHtml.OfText(Decode(beginning)) with { IsCut = isCut });
    }

    private static async Task<Preview> OfOfficeAsync(ItemReading reading, string extension, CancellationToken cancellation)
    {
        if (await reading.BytesAsync("content", LargestOfficeFile, cancellation) is not { } bytes)
            return new Preview([], null, IsTooLarge: true);
        return OfficeText.Of(bytes, extension) is var (text, isCut)
            ? new Preview([], SafeHtml.OfText(text) with { IsCut = isCut }) { Remark = text.Length == 0 ? "preview.office-empty" : "preview.office" }
            : new Preview([], null) { Remark = "preview.none-office" };
    }

    private static string Decode(byte[] bytes)
    {
        using var reader = new StreamReader(new MemoryStream(bytes), Encoding.UTF8, detectEncodingFromByteOrderMarks: true);
        return reader.ReadToEnd().Replace('\0', ' ');
    }
}
