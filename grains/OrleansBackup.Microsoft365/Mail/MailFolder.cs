using System.Collections.Immutable;
using System.Text.Json;

namespace OrleansBackup.Microsoft365.Mail;

/// <summary>One mail folder. Known by its id alone: names repeat among siblings, change, may be empty or hold any character.</summary>
/// <param name="ParentFolderId">The parent, which need not be a folder that is listed (the root is not); null when not told.</param>
/// <param name="WellKnownName">Graph's name of a special folder, such as <c>inbox</c>, whatever the mailbox's language; else null.</param>
/// <param name="TotalItemCount">Counts all kinds of items and is not exact: for progress only.</param>
public sealed record MailFolder(
    string Id, string DisplayName, string? ParentFolderId, string? WellKnownName, bool IsHidden, int TotalItemCount, int ChildFolderCount)
{
    internal const string Select = "displayName,parentFolderId,isHidden,totalItemCount,childFolderCount";

    internal static MailFolder Read(JsonElement folder, string id) => new(
        id, TolerantJson.GetText(folder, "displayName") ?? "", TolerantJson.GetText(folder, "parentFolderId"), WellKnownName: null,
        folder.TryGetProperty("isHidden", out var hidden) && hidden.ValueKind == JsonValueKind.True,
        Count(folder, "totalItemCount"), Count(folder, "childFolderCount"));

    private static int Count(JsonElement folder, string property) =>
        folder.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var count) ? count : 0;
}

/// <summary>What changed in a mailbox's folder tree.</summary>
/// <param name="IsFull">The round lists every folder: one that is known and not listed is gone.</param>
/// <param name="Changed">New and changed folders, each once, in no order: a parent may come after its child.</param>
/// <param name="Removed">Ids of folders that are gone, or that are no longer taken (now under the recoverable items, say).</param>
/// <param name="DeltaLink">Where the next round starts; empty: it has to be full again.</param>
public sealed record FolderRound(bool IsFull, ImmutableArray<MailFolder> Changed, ImmutableArray<string> Removed, string DeltaLink);
