using System.Collections.Immutable;
using System.Text.Json;

namespace OrleansBackup.Grains.Mailboxes;

/// <summary>How far a mailbox has been read: Graph's links, one for the tree of folders and one per folder. Every segment carries it.</summary>
/// <param name="FoldersLink">Where the next round of folders starts.</param>
/// <param name="FolderLinks">Per folder id: a next link in the middle of a first round, or the delta link after one.</param>
/// <param name="ListingNeeded">Before the point is sealed the mailbox is to be compared with an independent listing; never set in a sealed point.</param>
/// <remarks>Stored as JSON in the vault's segments. Additive: a property, once written, keeps its meaning.</remarks>
internal sealed record MailCheckpoint(string? FoldersLink, ImmutableSortedDictionary<string, string> FolderLinks, bool ListingNeeded = false)
{
    public static MailCheckpoint Start { get; } = new(null, ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal));

    /// <exception cref="JsonException">The text is not a checkpoint; the vault verified it, so it was written by a newer or broken release.</exception>
    public static MailCheckpoint Parse(string? text)
    {
        if (text is null)
            return Start;
        var stored = JsonSerializer.Deserialize<Stored>(text, JsonSerializerOptions.Web) ?? throw new JsonException("The checkpoint is empty.");
        if (stored.Version != 1)
            throw new JsonException($"The checkpoint has version {stored.Version}; this release reads version 1.");
        return new MailCheckpoint(stored.Folders, stored.Messages.ToImmutableSortedDictionary(StringComparer.Ordinal), stored.Compare ?? false);
    }

    public MailCheckpoint WithFolder(string folderId, string link) => this with { FolderLinks = FolderLinks.SetItem(folderId, link) };

    public MailCheckpoint WithoutFolder(string folderId) => this with { FolderLinks = FolderLinks.Remove(folderId) };

    public override string ToString() =>
        JsonSerializer.Serialize(new Stored(1, FoldersLink, FolderLinks, ListingNeeded ? true : null), JsonSerializerOptions.Web);

    private sealed record Stored(int Version, string? Folders, IReadOnlyDictionary<string, string> Messages, bool? Compare);
}
