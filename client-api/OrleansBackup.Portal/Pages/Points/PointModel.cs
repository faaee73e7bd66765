using System.Collections.Immutable;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces.Points;
using OrleansBackup.GrainInterfaces.Resources;

namespace OrleansBackup.Portal.Pages.Points;

/// <summary>A restore point, opened: its folders, what one of them holds, and one item of it to read.</summary>
/// <param name="Days">Points before and after this one, to look at the same place on another day.</param>
/// <param name="Folders">Those that are in sight, in the order of the tree.</param>
/// <param name="Folder">The one that is open; null: the point has none, or this is a search.</param>
/// <param name="Items">Of the folder, or those that the search found.</param>
/// <param name="After">The item after which this part of the folder begins; null: the first part.</param>
/// <param name="Next">The item after which the next part begins; null: this is the last.</param>
/// <param name="Search">What was looked for; empty: nothing was.</param>
/// <param name="More">The search found more than is shown.</param>
/// <param name="Item">The one that is read; null: none.</param>
public sealed record PointModel(
    ResourceId Resource, string TenantName, string ResourceName, RestorePointSummary Point, DaysBeside Days, ImmutableArray<FolderLine> Folders, FolderAtPoint? Folder,
    ImmutableArray<ItemAtPoint> Items, string? After, string? Next, string Search, bool More, ItemAtPoint? Item)
{
    public string Address => PointAddresses.Of(Resource, Point.Sequence);
}

/// <summary>A restore point to choose from, over folders.</summary>
/// <param name="Shown">Where one chooses now.</param>
/// <param name="Items">Ids of what is chosen, here and elsewhere.</param>
/// <param name="Folders">That are chosen as a whole.</param>
/// <param name="IsFull">More was chosen than goes along in a form; the rest was left out.</param>
public sealed record ChooseModel(PointModel Shown, ImmutableArray<string> Items, ImmutableArray<FolderAtPoint> Folders, bool IsFull)
{
    /// <summary>What the server's forms take, with room for the other fields: more is chosen as folders.</summary>
    public const int MostItems = 900;

    /// <summary>Chosen in other folders, or in another part of this one.</summary>
    public IEnumerable<string> Elsewhere => Items.Where(id => !Shown.Items.Any(item => item.Id == id));
}

/// <summary>The points next to one, in time.</summary>
public sealed record DaysBeside(RestorePointSummary? Before, RestorePointSummary? After);

/// <summary>A folder as a line of the tree.</summary>
/// <param name="Depth">From 0.</param>
/// <param name="IsOpen">It is the one that is shown, or one above it.</param>
public sealed record FolderLine(FolderAtPoint Folder, int Depth, bool HasChildren, bool IsOpen);
