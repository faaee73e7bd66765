using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using OrleansBackup.GrainInterfaces.Points;
using OrleansBackup.Grains.Mailboxes;
using OrleansBackup.Grains.Mailboxes.Items;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Points;

/// <summary>Tells two restore points of a resource apart by reading both once, side by side, in the order of their ids.</summary>
/// <remarks>Memory: one item of each. Both points are sealed, so the same two always give the same.</remarks>
internal static class PointComparison
{
    /// <param name="first">By id in ordinal order, each id once; as <see cref="PointReader.ItemsAsync"/> gives them.</param>
    /// <param name="second">In the same way.</param>
    public static async IAsyncEnumerable<PointChange> CompareAsync(
        IAsyncEnumerable<ItemVersion> first, IAsyncEnumerable<ItemVersion> second, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var before = first.Where(IsShown).GetAsyncEnumerator(cancellation);
        await using var after = second.Where(IsShown).GetAsyncEnumerator(cancellation);
        var (moreBefore, moreAfter) = (await before.MoveNextAsync(), await after.MoveNextAsync());
        while (moreBefore || moreAfter)
        {
            var order = !moreBefore ? 1 : !moreAfter ? -1 : string.CompareOrdinal(before.Current.Id, after.Current.Id);
            if (order < 0)
                yield return new PointChange(PointChangeKind.Removed, PointView.Of(before.Current), null, []);
            else if (order > 0)
                yield return new PointChange(PointChangeKind.Added, null, PointView.Of(after.Current), []);
            else if (DifferencesOf(before.Current, after.Current) is { IsEmpty: false } differences)
                yield return new PointChange(PointChangeKind.Changed, PointView.Of(before.Current), PointView.Of(after.Current), differences);
            moreBefore = order <= 0 ? await before.MoveNextAsync() : moreBefore;
            moreAfter = order >= 0 ? await after.MoveNextAsync() : moreAfter;
        }
    }

    /// <returns>Nothing: nobody but the next run could tell them apart.</returns>
    public static ImmutableArray<ItemDifference> DifferencesOf(ItemVersion before, ItemVersion after)
    {
        var differences = ImmutableArray.CreateBuilder<ItemDifference>(4);
        if (before.ParentId != after.ParentId)
            differences.Add(ItemDifference.Moved);
        if (before.Name != after.Name)
            differences.Add(ItemDifference.Renamed);
        if (Differ(before.Contents, after.Contents, role => !IsOfProperties(role)))
            differences.Add(ItemDifference.Content);
        if (Differ(before.Contents, after.Contents, IsOfProperties) || Differ(before.Properties, after.Properties, name => name != ItemRecord.Mark))
            differences.Add(ItemDifference.Properties);
        return differences.ToImmutable();
    }

    private static bool IsShown(ItemVersion item) => item.Kind is not (ItemKinds.Debt or ItemKinds.Transfer);

    // What Microsoft Graph says of a thing is kept as a content too, beside its bytes.
    private static bool IsOfProperties(string role) =>
        role is ContentRoles.Json or MailItem.MessageContent || role.EndsWith("-properties", StringComparison.Ordinal);

    private static bool Differ<T>(ImmutableSortedDictionary<string, T> before, ImmutableSortedDictionary<string, T> after, Func<string, bool> counts)
        where T : class =>
        before.Any(entry => counts(entry.Key) && (!after.TryGetValue(entry.Key, out var value) || !value.Equals(entry.Value))) || after.Keys.Any(key => counts(key) && !before.ContainsKey(key));
}
