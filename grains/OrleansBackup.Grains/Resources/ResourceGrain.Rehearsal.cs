using System.Collections.Immutable;
using OrleansBackup.Domain.Rehearsals;
using OrleansBackup.Domain.Schedule;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Rehearsals;
using OrleansBackup.Grains.Access;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Resources;

/// <summary>How a resource shows that what it holds comes back: by rehearsals, and by a figure in between.</summary>
internal abstract partial class ResourceGrain
{
    public async Task<ImmutableArray<RehearsalPoint>> ListForRehearsal(CancellationToken cancellation)
    {
        try
        {
            var vault = await services.Vault.OpenAsync(Resource, cancellation);
            var points = await vault.ListPointsAsync(cancellation);
            return [.. InventoryLine.Ages(points.Length).Select(one => new RehearsalPoint(points[one.At].Sequence, one.Age, points[one.At].SealedAt,
                points[one.At].ItemsByKind.Where(kind => ItemKinds.IsItem(kind.Key)).ToImmutableSortedDictionary(StringComparer.Ordinal)))];
        }
        catch (VaultException exception)
        {
            throw VaultAccess.Translate(exception);
        }
    }

    public async Task<RehearsedItem> Rehearse(DrawnItem drawn, CancellationToken cancellation)
    {
        RehearsedItem rehearsed;
        try
        {
            // Last of all work: behind runs, restores, expiry.
            using var place = await services.Gate.EnterYieldingAsync(Resource, "rehearsal", cancellation);
            var vault = await services.Vault.OpenAsync(Resource, cancellation);
            // Seconds of decrypting and hashing; would block every other call to this grain. Touches no grain state.
            rehearsed = await Task.Run(() => ReadBackAsync(vault, drawn, cancellation), cancellation);
        }
        catch (Exception exception) when (exception is VaultException or IOException)
        {
            rehearsed = Failed(drawn, exception.Message);
        }
        if (rehearsed.IsSame)
            await _keeper.ChangeAsync(state => state with { LastRehearsedAt = Now });
        return rehearsed;
    }

    public Task<Restorability> GetRestorability(CancellationToken cancellation)
    {
        Settings();
        double? share = State.Points.IsEmpty ? null : Restorability.ShareOf(State.SlicesReadAt, ScrubSchedule.SlicesOfRound, Now);
        return Task.FromResult(new Restorability(Now, share, Restorability.WithinDays, State.Scrub.Damage.Length, State.LastRestoreAt, State.LastRehearsedAt));
    }

    public Task NoteRestore(DateTimeOffset at, CancellationToken cancellation) =>
        State.Settings is null || State.LastRestoreAt >= at ? Task.CompletedTask : _keeper.ChangeAsync(state => state with { LastRestoreAt = at });

    private static async Task<RehearsedItem> ReadBackAsync(ResourceVault vault, DrawnItem drawn, CancellationToken cancellation)
    {
        await using var point = await vault.OpenPointAsync(drawn.Point, cancellation);
        var item = await point.ItemsAsync(new ItemFilter(drawn.Kind), cancellation).Skip(checked((int)drawn.Index)).FirstOrDefaultAsync(cancellation);
        if (item is null)
            return Failed(drawn, "The point has no such item any more.");
        var proof = await point.ProveAsync(item, cancellation);
        return new RehearsedItem(drawn, RehearsalWay.Read, item.Id, proof.Bytes, proof.Recorded, proof.Found, proof.Sha256, Problem: null);
    }

    private static RehearsedItem Failed(DrawnItem drawn, string problem) => new(drawn, RehearsalWay.Read, null, 0, null, null, null, problem);
}
