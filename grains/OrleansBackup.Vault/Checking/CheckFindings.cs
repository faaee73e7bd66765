using System.Collections.Immutable;
using OrleansBackup.Vault.Stores;

namespace OrleansBackup.Vault.Checking;

/// <summary>Gathers findings, one for each object, with the items that depend on it.</summary>
internal sealed class CheckFindings
{
    private const int MostItems = 1000;
    private readonly Dictionary<BlobName, (CheckFindingKind Kind, string What, HashSet<string> Items)> _found = [];

    private readonly HashSet<BlobName> _healed = [];

    public void Add(DamagedObjectException damage, string? item = null)
    {
        if (!_found.TryGetValue(damage.Name, out var known))
            _found[damage.Name] = known = (damage.IsMissing ? CheckFindingKind.Missing : CheckFindingKind.Damaged, damage.What, new(StringComparer.Ordinal));
        if (item is not null && known.Items.Count < MostItems)
            known.Items.Add(item);
    }

    private CheckFindingKind KindOf(BlobName name) => _healed.Contains(name) && _found[name].Items.Count == 0 ? CheckFindingKind.Healed : _found[name].Kind;

    public void AddLeftover(BlobName name) => _found.TryAdd(name, (CheckFindingKind.Leftover, "nothing names it", []));

    /// <summary>Something in this object is stored a second time.</summary>
    public void NoteHealed(DamagedObjectException damage)
    {
        Add(damage);
        _healed.Add(damage.Name);
    }

    public async Task CatchAsync(Func<Task> check)
    {
        try { await check(); }
        catch (DamagedObjectException e) { Add(e); }
    }

    public ImmutableArray<CheckFinding> ToReport() =>
        [.. _found.OrderBy(f => f.Key.Value, StringComparer.Ordinal)
            .Select(f => new CheckFinding(KindOf(f.Key), f.Key, f.Value.What, [.. f.Value.Items.Order(StringComparer.Ordinal)]))];
}
