using System.Collections.Immutable;
using OrleansBackup.GrainInterfaces.Points;

namespace OrleansBackup.Portal.Pages.Points;

/// <summary>Which folders of a point are in sight: the top ones and those below whatever is open. A tree of ten thousand folders is a page of some dozen lines. Pure.</summary>
internal static class FolderTree
{
    private const int Deepest = 300, MostLines = 2_000;

    /// <summary>Where a reader begins: the inbox, or the first that is not hidden.</summary>
    public static FolderAtPoint? First(ImmutableArray<FolderAtPoint> folders) =>
        folders.FirstOrDefault(folder => string.Equals(folder.WellKnownName, "inbox", StringComparison.OrdinalIgnoreCase)) ?? folders.FirstOrDefault(folder => !folder.Hidden) ?? folders.FirstOrDefault();

    /// <param name="open">The folder that is shown; null: none.</param>
    public static ImmutableArray<FolderLine> Of(ImmutableArray<FolderAtPoint> folders, FolderAtPoint? open)
    {
        var byId = folders.DistinctBy(folder => folder.Id).ToDictionary(folder => folder.Id, StringComparer.Ordinal);
        var children = folders.ToLookup(folder => folder.ParentId is { } parent && byId.ContainsKey(parent) && parent != folder.Id ? parent : "", StringComparer.Ordinal);
        var way = new HashSet<string>(StringComparer.Ordinal);
        for (var at = open; at is not null && way.Add(at.Id);)
            at = at.ParentId is { } parent ? byId.GetValueOrDefault(parent) : null;
        var lines = ImmutableArray.CreateBuilder<FolderLine>();
        Add("", 0);
        return lines.ToImmutable();

        void Add(string parent, int depth)
        {
            foreach (var folder in children[parent].OrderBy(folder => Rank(folder)).ThenBy(folder => folder.Name, StringComparer.OrdinalIgnoreCase))
            {
                if (lines.Count >= MostLines || depth >= Deepest)
                    return;
                lines.Add(new FolderLine(folder, depth, children.Contains(folder.Id), way.Contains(folder.Id)));
                // A drive or a single root is opened at once: nobody wants to look at one line.
                if (way.Contains(folder.Id) || (depth == 0 && children[""].Count() == 1))
                    Add(folder.Id, depth + 1);
            }
        }
    }

    // Mail first and in the order that mail programs have it, then what else a mailbox holds.
    private static int Rank(FolderAtPoint folder) => (folder.Kind, folder.WellKnownName?.ToLowerInvariant()) switch
    {
        ("folder", "inbox") => 0,
        ("folder", "drafts") => 1,
        ("folder", "sentitems") => 2,
        ("folder", "archive") => 3,
        ("folder", "deleteditems") => 5,
        ("folder", "junkemail") => 6,
        ("folder", _) => folder.Hidden ? 7 : 4,
        ("calendar-group" or "calendar", _) => 10,
        ("contact-folder", _) => 11,
        ("task-list", _) => 12,
        _ => 4,
    };
}
