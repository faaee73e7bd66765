using System.Collections.Immutable;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Erasures;
using OrleansBackup.Grains.Access;
using OrleansBackup.Grains.Mailboxes;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Erasures;

/// <summary>Looks through every restore point of a resource for items in which a person stands. Each version of an item is opened once, in whatever points it is.</summary>
internal sealed class PersonFinder(VaultAccess vault)
{
    /// <returns>How many points there are.</returns>
    /// <exception cref="VaultUnavailableException">They cannot be read.</exception>
    public async Task<int> CountPointsAsync(ResourceId resource, CancellationToken cancellation) =>
        await WithVaultAsync(async () => (await (await vault.OpenAsync(resource, cancellation)).ListPointsAsync(cancellation)).Length);

    /// <summary>Items, each once, by id in ordinal order within the point that has it; the newest point first.</summary>
    /// <param name="from">Where an earlier look stopped; null: from the beginning. An item that it found may be found again in an older point, but none is left out.</param>
    /// <param name="most">So many at most.</param>
    /// <returns>The items, and where to go on if there was no room for the next; null: everything was looked at.</returns>
    /// <exception cref="VaultUnavailableException">Something cannot be read: what was not looked at must not pass for what was not found.</exception>
    public Task<(ImmutableArray<FoundItem> Found, FoundPlace? Next)> FindAsync(ResourceId resource, PersonInItem person, FoundPlace? from, int most, CancellationToken cancellation) => WithVaultAsync<(ImmutableArray<FoundItem>, FoundPlace?)>(async () =>
    {
        var last = from;
        var opened = await vault.OpenAsync(resource, cancellation);
        var (found, seen) = (new Dictionary<string, FoundItem>(StringComparer.Ordinal), new HashSet<(string, ContentReference?)>());
        foreach (var (sealedPoint, older) in (await opened.ListPointsAsync(cancellation)).OrderBy(point => point.Sequence).Select((point, older) => (point, older)).Where(one => from is null || one.older <= from.Older).Reverse())
        {
            await using var point = await opened.OpenPointAsync(sealedPoint.Sequence, cancellation);
            await foreach (var item in point.ItemsAsync(ItemFilter.All, cancellation))
            {
                var json = item.Contents.GetValueOrDefault(ContentRoles.Json) ?? item.Contents.GetValueOrDefault(MailItem.MessageContent);
                var isDone = from is not null && older == from.Older && string.CompareOrdinal(item.Id, from.ItemId) <= 0;
                if (!ItemKinds.IsItem(item.Kind) || isDone || found.ContainsKey(item.Id) || !seen.Add((item.Id, json)))
                    continue;
                var places = item.Properties.Where(property => person.Is(property.Value)).Select(property => property.Key).ToImmutableArray();
                if (json is not null)
                    places = [.. places.Union(person.PlacesIn(await ReadAsync(point, json, cancellation))).Order(StringComparer.Ordinal)];
                if (places.IsEmpty)
                    continue;
                if (found.Count == most)
                    return ([.. found.Values], last);
                found.Add(item.Id, new FoundItem(resource, item.Id, item.Kind, places, sealedPoint.Sequence));
                last = new FoundPlace(resource.LocalName, older, item.Id);
            }
        }
        return ([.. found.Values], null);
    });

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(PointReader point, ContentReference content, CancellationToken cancellation)
    {
        await using var source = await point.OpenContentAsync(content, cancellation);
        using var bytes = new MemoryStream();
        await source.CopyToAsync(bytes, cancellation);
        return bytes.ToArray();
    }

    private static async Task<T> WithVaultAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (VaultException exception)
        {
            throw VaultAccess.Translate(exception);
        }
    }
}
