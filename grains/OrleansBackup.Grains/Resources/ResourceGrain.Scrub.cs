using System.Collections.Immutable;
using OrleansBackup.Domain.Schedule;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Grains.Access;
using OrleansBackup.Grains.Admission;
using OrleansBackup.Grains.Telemetry;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Resources;

/// <summary>How a resource reads its stored bytes again, bit by bit, and heals what it finds damaged.</summary>
/// <remarks>A slice a day, after the day's run. Damage goes into the state: the next run downloads those items again, and what is left after it is told.</remarks>
internal abstract partial class ResourceGrain
{
    private Task _scrub = Task.CompletedTask;

    public async Task<ScrubReport> Scrub(CancellationToken cancellation)
    {
        Settings();
        await RequireNotPausedAsync(cancellation);
        try
        {
            await ScrubSliceAsync(cancellation);
        }
        catch (VaultException exception)
        {
            throw VaultAccess.Translate(exception);
        }
        return ScrubOf(State.Scrub);
    }

    private static ScrubReport ScrubOf(ScrubState scrub) => new(scrub.LastSliceAt, scrub.LastRoundEndedAt,
        [.. scrub.Damage.SelectMany(d => d.Names).Distinct(StringComparer.Ordinal)], [.. scrub.Damage.Select(d => $"{d.Object}: {d.What}")]);

    private void ScrubIfDue()
    {
        if (_scrub.IsCompleted && SlicesDue() > 0)
            _scrub = ScrubBesideAsync(BesideToken());
    }

    private int SlicesDue() => State.Points.IsEmpty ? 0
        : ScrubSchedule.SlicesDue(State.Scrub.RoundBeganAt, State.Scrub.SlicesRead, State.Scrub.LastSliceAt, Now);

    private async Task ScrubBesideAsync(CancellationToken cancellation)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding | ConfigureAwaitOptions.ContinueOnCapturedContext);
        try
        {
            for (var slices = SlicesDue(); slices > 0; slices--)
            {
                // One slice, one place at the gate: a run that comes meanwhile does not wait for the others.
                using var place = await services.Gate.EnterYieldingAsync(Resource, "scrub", cancellation);
                if (await PausedAsync(cancellation) is not null)
                    return; // what moves away under the reading would look like damage
                await ScrubSliceAsync(cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested || services.Gate.IsClosed)
        {
            // the activation leaves; the cursor in the state says where the next goes on
        }
        catch (Exception exception)
        {
            LogScrubFailed(Log, Resource, exception);
        }
    }

    private async Task ScrubSliceAsync(CancellationToken cancellation)
    {
        var vault = await services.Vault.OpenAsync(Resource, cancellation);
        var cursor = State.Scrub.Cursor;
        // Seconds of decrypting and hashing; would block every other call to this grain. Touches no grain state.
        var slice = await Task.Run(() => vault.ScrubAsync(cursor, ScrubSchedule.SlicesOfRound, cancellation), cancellation);
        await _keeper.ChangeAsync(state => state.WithSlice(slice, Now));
        ServiceTelemetry.DamageFound(slice.Damage.Length);
        foreach (var damage in slice.Damage)
            LogDamageFound(Log, Resource, damage.Name.Value, damage.What, damage.Items.Length);
        if (!slice.Damage.IsEmpty)
            await ReportAsync();
    }

    /// <summary>After a run that was to heal damage: what is left of it.</summary>
    private async Task LookAgainAsync(CancellationToken cancellation)
    {
        if (State.Scrub.Damage.IsEmpty)
            return;
        var vault = await services.Vault.OpenAsync(Resource, cancellation);
        var objects = State.Scrub.Damage.Select(d => d.Object).ToArray();
        // As above: CPU work beside the grain's own turns.
        var left = await Task.Run(() => vault.LookAgainAsync(objects, cancellation), cancellation);
        await _keeper.ChangeAsync(state => state with { Scrub = state.Scrub.WithLeft(left) });
        LogHealed(Log, Resource, objects.Length - left.Length, left.Length);
    }
}
