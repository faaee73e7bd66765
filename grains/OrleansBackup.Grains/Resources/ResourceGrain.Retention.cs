using System.Collections.Immutable;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Retention;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Grains.Access;
using OrleansBackup.Grains.Mailboxes;
using OrleansBackup.Grains.Runs;
using OrleansBackup.Grains.Telemetry;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Resources;

/// <summary>How a resource lets its points go.</summary>
internal abstract partial class ResourceGrain
{
    /// <summary>So often the vault is asked what is to go, also when nothing known here is: points that only it knows, objects whose grace period has passed, a card that was lost.
    /// A look costs more operations of the store than a run without changes.</summary>
    private static readonly TimeSpan LookPeriod = TimeSpan.FromDays(7);

    public async Task<ExpiryResult> ExpirePoints(CancellationToken cancellation)
    {
        Settings();
        Require(await ExpiryHaltedAsync(cancellation));
        try
        {
            return await ExpireAsync(cancellation);
        }
        catch (VaultException exception)
        {
            throw VaultAccess.Translate(exception);
        }
    }

    public Task Tend(CancellationToken cancellation)
    {
        if (State.Settings is null)
            return Task.CompletedTask;
        if (!State.Protected && _expiry.IsCompleted)
            _expiry = ExpireInTurnAsync(BesideToken()); // no run comes any more that would
        if (!Running)
            ScrubIfDue();
        return Task.CompletedTask;
    }

    private bool IsLookDue() => State.LookedThroughAt is not { } looked || Now - looked >= LookPeriod
        || Verdicts(State.Points, Settings()).Any(verdict => !verdict.Kept);

    /// <summary>Thousands of released resources can be due in the same hour; one of a process at a time opens its vault.</summary>
    private async Task ExpireInTurnAsync(CancellationToken cancellation)
    {
        try
        {
            using var place = await services.Gate.EnterYieldingAsync(Resource, "expiry", cancellation);
            if (await ExpireBesideAsync(cancellation))
            {
                await _keeper.ChangeAsync(state => state with { TendedAt = Now });
                await ReportAsync();
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // the activation leaves; the tenant's next sweep finds that it is due
        }
        catch (Exception exception)
        {
            LogExpiryFailed(Log, Resource, exception);
        }
    }

    /// <returns>Whether everything went that no longer was owed.</returns>
    private async Task<bool> ExpireBesideAsync(CancellationToken cancellation)
    {
        try
        {
            if (await ExpiryHaltedAsync(cancellation) is not null)
                return false;
            await ExpireAsync(cancellation);
            return true;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // the activation leaves; the next run or day lets them go
        }
        catch (Exception exception)
        {
            // What is owed is sealed and safe; what could not go today goes after the next run or day.
            LogExpiryFailed(Log, Resource, exception);
        }
        return false;
    }

    private async Task<ExpiryResult> ExpireAsync(CancellationToken cancellation)
    {
        var settings = Settings();
        var vault = await services.Vault.OpenAsync(Resource, cancellation);
        await EnsureNotRolledBackAsync(vault, cancellation);
        // Decided over what the vault holds, not over what this state remembers: a point that a crash kept from being written down, or that
        // is newer than a database put back from a backup, must not go because nobody named it.
        var points = (await vault.ListPointsAsync(cancellation)).Select(point => Summarise(point, settings)).ToImmutableArray();
        var verdicts = Verdicts(points, settings);
        ImmutableArray<long> gone = [.. verdicts.Where(verdict => !verdict.Kept).Select(verdict => verdict.Sequence)];
        var keep = verdicts.Where(verdict => verdict.Kept).Select(verdict => verdict.Sequence).ToHashSet();
        if (keep.Count == 0)
            return points.IsEmpty ? new ExpiryResult([], 0, 0) : await DeleteAllAsync(vault, gone, cancellation);
        // Asked for even when nothing expires: what earlier expiries left until their grace period ended goes now.
        var pruned = await vault.PruneAsync(gone, cancellation);
        var mark = await vault.ReadMarkAsync(cancellation);
        await _keeper.ChangeAsync(state => state.WithMark(mark) with { LookedThroughAt = Now });
        var newest = points[^1].Sequence; // a run that seals meanwhile adds its own point, which is newer
        var left = points.Where(point => keep.Contains(point.Sequence)).ToImmutableArray();
        if (!left.Select(point => point.Sequence).SequenceEqual(State.Points.Select(point => point.Sequence).Where(sequence => sequence <= newest)))
            await _keeper.ChangeAsync(state => state with { Points = [.. left, .. state.Points.Where(point => point.Sequence > newest)] });
        ServiceTelemetry.PointsExpired(gone.Length, pruned.BytesDeleted);
        if (!gone.IsEmpty)
            LogExpired(Log, Resource, gone.Length, pruned.BytesDeleted);
        return new ExpiryResult(gone, keep.Count, pruned.BytesDeleted);
    }

    /// <summary>A resource that is no longer protected and owes no point any more goes as a whole; no run can be going.</summary>
    private async Task<ExpiryResult> DeleteAllAsync(ResourceVault vault, ImmutableArray<long> gone, CancellationToken cancellation)
    {
        await LastRunWrittenAsync();
        if (State.Protected || Running)
            return new ExpiryResult([], gone.Length, 0); // taken back into protection meanwhile
        var deleted = await vault.DeleteAllAsync(cancellation);
        await _keeper.ChangeAsync(state => state with { Points = [], Mark = null });
        ServiceTelemetry.PointsExpired(gone.Length, deleted.BytesDeleted);
        LogDeleted(Log, Resource, deleted.ObjectsDeleted, deleted.BytesDeleted);
        return new ExpiryResult(gone, 0, deleted.BytesDeleted);
    }

    private ImmutableArray<RetentionVerdict> Verdicts(IEnumerable<RestorePointSummary> points, ResourceSettings settings) =>
        RetentionPolicy.Decide(points.Select(point => (point.Sequence, point.Day)), settings.Retention, Standing(), services.Calendar.DayOf(Now));

    private RetentionStanding Standing() => new(State.Protected, State.Hold is { Stands: true }, State.Brake is { IsOn: true });

    private async Task<ImmutableArray<RestorePointSummary>> PointsInVaultAsync(ResourceSettings settings, CancellationToken cancellation)
    {
        try
        {
            // The database may have been lost: the vault alone is enough.
            var vault = await services.Vault.OpenAsync(Resource, cancellation);
            return [.. (await vault.ListPointsAsync(cancellation)).Select(point => Summarise(point, settings))];
        }
        catch (VaultException exception)
        {
            throw VaultAccess.Translate(exception);
        }
    }

    private RestorePointSummary Summarise(RestorePoint point, ResourceSettings settings)
    {
        var day = services.Calendar.DayOf(point.StartedAt);
        return new RestorePointSummary(point.Sequence, day, point.StartedAt, point.SealedAt, new RunId(point.Run),
            Count(ItemKinds.IsItem), Count(ItemKinds.IsContainer), point.LogicalBytes,
            point.ItemsByKind.GetValueOrDefault(ItemKinds.Debt), point.Details.ContainsKey(PointDetails.ComparedAt), settings.Retention.LastOwedDay(day))
        {
            Lacks = [.. point.Details.Where(detail => detail.Key.StartsWith(PointDetails.Lacks, StringComparison.Ordinal)).Select(detail => new LackingPart(detail.Key[PointDetails.Lacks.Length..], detail.Value))],
        };

        long Count(Func<string, bool> counts) => point.ItemsByKind.Where(kind => counts(kind.Key)).Sum(kind => kind.Value);
    }
}
