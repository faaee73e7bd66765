using System.Collections.Immutable;

namespace OrleansBackup.Demo.Comparison;

/// <summary>Compares attachments one by one, in their order: name, type, kind and bytes.</summary>
public static class AttachmentComparison
{
    public static IEnumerable<Difference> Compare(string subject, ImmutableArray<AttachmentPicture> expected, ImmutableArray<AttachmentPicture> seen)
    {
        if (expected.Length != seen.Length)
            yield return new Difference(subject, "attachments", Names(expected), Names(seen));
        foreach (var (one, other) in expected.Zip(seen))
        {
            if (one.Name != other.Name)
                yield return new Difference(subject, "attachments.name", one.Name, other.Name);
            if (!string.Equals(one.ContentType, other.ContentType, StringComparison.OrdinalIgnoreCase)) // RFC 2045, 5.1: types have no case
                yield return new Difference(subject, "attachments.contentType", one.ContentType, other.ContentType);
            if (one.Kind != other.Kind)
                yield return new Difference(subject, "attachments.kind", one.Kind, other.Kind);
            if (one.IsInline != other.IsInline)
                yield return new Difference(subject, "attachments.isInline", one.IsInline.ToString(), other.IsInline.ToString());
            if (one.Content != other.Content)
                yield return new Difference(subject, "attachments.bytes", one.Content?.ToString() ?? "(none)", other.Content?.ToString() ?? "(none)");
        }
    }

    private static string Names(ImmutableArray<AttachmentPicture> attachments) =>
        $"{attachments.Length}: {string.Join(", ", attachments.Select(attachment => attachment.Name))}";
}
