using System.Collections.Immutable;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Runs;

/// <summary>Takes things into the vault whose content is the JSON that Graph sends of them: list items, pages, channel messages.</summary>
internal sealed class JsonIntake(RunSession session, DebtBook debts, string part)
{
    public const string ETagProperty = "eTag";
    private const int LongestName = 255;

    private readonly HashSet<string> _distrusted = new(session.ToHealOf(part), StringComparer.Ordinal);

    /// <summary>Whether the stored state is that of the eTag, or nothing of it may be stored, so that nothing has to be read.</summary>
    public async Task<bool> HasAsync(string itemId, string? eTag, CancellationToken cancellation) =>
        session.Writer.IsErased(itemId) || eTag is { Length: > 0 } && !_distrusted.Contains(itemId) && !debts.Owes(itemId)
        && await session.Writer.FindAsync(itemId, cancellation) is { } stored && stored.Properties.GetValueOrDefault(ETagProperty) == eTag;

    /// <summary>Stores the JSON and puts the item in place with it.</summary>
    /// <param name="more">Other contents by role, stored already.</param>
    /// <param name="forgive">False: something of the item is still owed.</param>
    public async Task TakeAsync(ItemVersion item, ReadOnlyMemory<byte> json, string? eTag, CancellationToken cancellation, ImmutableSortedDictionary<string, ContentReference>? more = null, bool forgive = true)
    {
        if (session.Writer.IsErased(item.Id))
            return;
        var contents = (more ?? ImmutableSortedDictionary<string, ContentReference>.Empty).SetItem(ContentRoles.Json, await session.Writer.StoreAsync(json, cancellation));
        var before = await session.Writer.FindAsync(item.Id, cancellation);
        var version = item with
        {
            Name = item.Name.Length > LongestName ? item.Name[..LongestName] : item.Name, Size = contents.Values.Sum(content => content.Length), Contents = contents,
            Properties = eTag is { Length: > 0 } ? item.Properties.SetItem(ETagProperty, eTag) : item.Properties,
        };
        if (forgive)
            await debts.ForgiveAsync(item.Id, null, cancellation);
        _distrusted.Remove(item.Id);
        debts.CountSuccess();
        if (version.Equals(before))
            return;
        await session.Writer.UpsertAsync(version, cancellation);
        if (ItemKinds.IsItem(item.Kind))
            session.Board.Count(counts => before is null
                ? counts with { Added = counts.Added + 1, DownloadedBytes = counts.DownloadedBytes + version.Size }
                : counts with { Changed = counts.Changed + 1, DownloadedBytes = counts.DownloadedBytes + version.Size });
    }

    /// <summary>Takes an item out, and whatever is owed of it.</summary>
    public async Task RemoveAsync(string itemId, CancellationToken cancellation)
    {
        await debts.ForgiveAsync(itemId, null, cancellation);
        if (await session.Writer.FindAsync(itemId, cancellation) is not { } item)
            return;
        await session.Writer.RemoveAsync(itemId, cancellation);
        if (ItemKinds.IsItem(item.Kind))
            session.Board.Count(counts => counts with { Removed = counts.Removed + 1 });
    }

    /// <summary>Takes out what the filter finds and <paramref name="isStill"/> does not know.</summary>
    public async Task RemoveOthersAsync(ItemFilter filter, Func<ItemVersion, bool> isStill, CancellationToken cancellation)
    {
        var gone = new List<string>();
        await foreach (var item in session.Writer.ItemsAsync(filter, cancellation))
            if (!isStill(item))
                gone.Add(item.Id);
        foreach (var id in gone)
        {
            await RemoveAsync(id, cancellation);
            await session.CommitWhenDueAsync(cancellation);
        }
    }
}
