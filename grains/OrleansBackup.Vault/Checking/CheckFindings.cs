using System.Collections.Immutable;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault.Checking;

/// <summary>Gathers findings, one for each object, with the items that depend on it.</summary>
internal sealed class CheckFindings
{
    private const int MostItems = 1000;
    private readonly Dictionary<BlobName, (CheckFindingKind Kind, string What, HashSet<string> Items)> _found = [];

    public void Add(DamagedObjectException damage, string? item = null)
    {
        if (!_found.TryGetValue(damage.Name, out var known))
            _found[damage.Name] = known = (damage.IsMissing ? CheckFindingKind.Missing : CheckFindingKind.Damaged, damage.What, new(StringComparer.Ordinal));
        if (item is not null && known.Items.Count < MostItems)
            known.Items.Add(item);
    }

    public void AddLeftover(BlobName name) => _found.TryAdd(name, (CheckFindingKind.Leftover, "nothing names it", []));

    public async Task CatchAsync(Func<Task> check)
    {
        try { await check(); }
        catch (DamagedObjectException e) { Add(e); }
    }

    public ImmutableArray<CheckFinding> ToReport() =>
        [.. _found.OrderBy(f => f.Key.Value, StringComparer.Ordinal)
            .Select(f => new CheckFinding(f.Value.Kind, f.Key, f.Value.What, [.. f.Value.Items.Order(StringComparer.Ordinal)]))];
}
