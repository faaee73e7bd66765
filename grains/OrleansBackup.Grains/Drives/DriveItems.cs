using System.Runtime.CompilerServices;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Drives;

/// <summary>The items of one drive among those of a resource, which may have several.</summary>
internal static class DriveItems
{
    /// <param name="list">Lists a writer or a point by id in ordinal order.</param>
    public static async IAsyncEnumerable<ItemVersion> OfAsync(
        Func<ItemFilter, CancellationToken, IAsyncEnumerable<ItemVersion>> list, string driveId, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // Ids of one drive stand together: begin just before the first and end behind the last.
        var prefix = ItemIds.Of(ItemIds.Drive, driveId, "");
        await foreach (var item in list(new ItemFilter(null, null, prefix), cancellation))
        {
            if (!item.Id.StartsWith(prefix, StringComparison.Ordinal))
                yield break;
            yield return item;
        }
    }
}
