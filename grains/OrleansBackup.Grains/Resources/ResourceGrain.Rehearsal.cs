using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using OrleansBackup.Domain.Identity;
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
    public async Task<ImmutableArray<RehearsalPoint>> ListForRehearsal(string previousRecord, CancellationToken cancellation)
    {
        try
        {
            var vault = await services.Vault.OpenAsync(Resource, cancellation);
            var points = await vault.ListPointsAsync(cancellation);
            return [.. InventoryLine.Ages(points.Length, previousRecord, Resource.Tenant.ToString(), Resource.LocalName).Select(one => new RehearsalPoint(points[one.At].Sequence, one.Age,
                points[one.At].SealedAt, points[one.At].ItemsByKind.Where(kind => ItemKinds.IsItem(kind.Key)).ToImmutableSortedDictionary(StringComparer.Ordinal)) { At = one.At, Of = points.Length })];
        }
        catch (VaultException exception)
        {
            throw VaultAccess.Translate(exception);
        }
        catch (IOException exception)
        {
            throw new VaultUnavailableException(exception.Message); // one store that is away is named in the record, and holds up nobody else's rehearsal
        }
    }

    public async Task<RehearsedItem> Rehearse(DrawnItem drawn, CancellationToken cancellation)
    {
        try
        {
            // Last of all work: behind runs, restores, expiry.
            using var place = await services.Gate.EnterYieldingAsync(Resource, "rehearsal", cancellation);
            var vault = await services.Vault.OpenAsync(Resource, cancellation);
            // Seconds of decrypting and hashing; would block every other call to this grain. Touches no grain state.
            return await Task.Run(() => ReadBackAsync(vault, drawn, cancellation), cancellation);
        }
        catch (Exception exception) when (exception is VaultException or IOException)
        {
            return Failed(drawn, exception.Message);
        }
    }

    public async Task<bool> HoldForRehearsal(string trial, CancellationToken cancellation)
    {
        if (State.Settings is null)
            return true; // no run ever comes to it
        // Decided in the same write as a run that begins: one of the two sees the other.
        await _keeper.ChangeAsync(state => state.OpenRun is null && !state.Trials.Contains(trial) ? state with { Trials = state.Trials.Add(trial) } : state);
        return State.OpenRun is null && State.Trials.Contains(trial);
    }

    public Task ReleaseFromRehearsal(string trial, CancellationToken cancellation) =>
        State.Trials.Contains(trial) ? _keeper.ChangeAsync(state => state with { Trials = state.Trials.Remove(trial) }) : Task.CompletedTask;

    public Task NoteRehearsal(DateTimeOffset at, CancellationToken cancellation) =>
        State.Settings is null || State.LastRehearsedAt >= at ? Task.CompletedTask : _keeper.ChangeAsync(state => state with { LastRehearsedAt = at });

    /// <summary>Before a run looks at anything: what rehearsals have made in the resource goes, so that no restore point takes it for the customer's.</summary>
    private async Task ClearTrialsAsync(RunBoard board, CancellationToken cancellation)
    {
        foreach (var trial in State.Trials)
        {
            board.Step("Waiting until a rehearsal has cleared what it restored");
            try
            {
                await ClusterFault.OutlastAsync(async () => { await GrainFactory.GetGrain<IRehearsalTrialGrain>(trial).GiveWay(cancellation); return true; }, services.Time, cancellation);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                LogTrialStays(Log, Resource, trial, exception); // a day without a backup would be worse than a clearly named folder in it
            }
        }
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

    [LoggerMessage(2133, LogLevel.Error, "What trial {Trial} restored into {Resource} could not be cleared; the run goes on, and its restore point may hold it")]
    private static partial void LogTrialStays(ILogger log, ResourceId resource, string trial, Exception exception);

    private static RehearsedItem Failed(DrawnItem drawn, string problem) => new(drawn, RehearsalWay.Read, null, 0, null, null, null, problem);
}
