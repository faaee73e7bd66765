using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Grains.Telemetry;
using OrleansBackup.Vault;

namespace OrleansBackup.Grains.Tenants;

/// <summary>When a tenant's shared content is swept. What a sweep does is the vault's.</summary>
internal sealed partial class TenantGrain
{
    private const string Sweep = "sweep";
    private static readonly TimeSpan SweepTick = TimeSpan.FromDays(1);

    private readonly CancellationTokenSource _leaving = CancellationTokenSource.CreateLinkedTokenSource(process.ApplicationStopping);
    private Task<SweepResult>? _sweep;

    public async Task<ContentSweepResult> SweepContent(CancellationToken cancellation)
    {
        RequireOnboarded();
        if ((await GetPlace(cancellation)).Paused is { } why)
            throw new NotPossibleNowException(why);
        var result = await TryAsync(() => SweepOnceAsync().WaitAsync(cancellation));
        return new ContentSweepResult(result.ChunksCondemned, result.BytesCondemned, result.ChunksDeleted, result.BytesDeleted, result.ListsWaiting > 0)
        {
            Unreadable = [.. result.Unreadable.Select(name => name.Value)],
            Held = result.ChunksHeld,
        };
    }

    /// <summary>Ticks daily at an hour of this tenant's own; the state decides whether a sweep is due, because a tick can be lost.</summary>
    private async Task RegisterSweepAsync()
    {
        if (await this.GetReminder(Sweep) is null)
            await this.RegisterOrUpdateReminder(Sweep, TimeSpan.FromMinutes(1 + Math.Abs(BitConverter.ToInt32(Guid.Parse(this.GetPrimaryKeyString()).ToByteArray()) % 1_440L)), SweepTick);
    }

    /// <summary>A whole tick has passed since it was due: the tick was lost. Until then the tenant's own hour is waited for, so that not all tenants sweep at once.</summary>
    private bool SweepIsLate() => Now - (State.SweptAt + TimeSpan.FromDays(sweeping.Value.EveryDays) ?? State.OnboardedAt) >= SweepTick;

    private async Task SweepWhenDueAsync()
    {
        if (State.SweptAt is { } last && Now - last < TimeSpan.FromDays(sweeping.Value.EveryDays) && Now >= last)
            return;
        if ((await GetPlace(CancellationToken.None)).Paused is not null)
            return;
        try
        {
            var result = await SweepOnceAsync();
            LogSwept(log, Tenant, result.ChunksCondemned, result.ChunksDeleted, result.BytesDeleted);
        }
        catch (OperationCanceledException) when (_leaving.IsCancellationRequested)
        {
            // the activation leaves; tomorrow's tick begins again, and a sweep that is cut short harms nothing
        }
        catch (Exception exception)
        {
            LogSweepFailed(log, Tenant, exception); // nothing was deleted that is needed; tomorrow's tick tries again
        }
    }

    /// <summary>One at a time from this activation; one in another process does no harm.</summary>
    private Task<SweepResult> SweepOnceAsync() => _sweep is { IsCompleted: false } going ? going : _sweep = RunSweepAsync();

    private async Task<SweepResult> RunSweepAsync()
    {
        // Reading every item table of a tenant is CPU work for minutes that would block every other call to this grain. Touches no grain state.
        var repository = stores.Of(StoreName).Repository;
        using var turn = await turns.EnterAsync(_leaving.Token);
        var result = await Task.Run(() => repository.SweepAsync(Tenant.ToString(), _leaving.Token), _leaving.Token);
        ServiceTelemetry.BytesReclaimed("sweep", result.BytesDeleted);
        foreach (var name in result.Unreadable)
            LogUnreadable(log, Tenant, name.Value);
        await _keeper.ChangeAsync(state => state with { SweptAt = Now });
        return result;
    }

    [LoggerMessage(2405, LogLevel.Information, "Sweep of tenant {Tenant}: {Condemned} pieces of content condemned, {Deleted} deleted, {Bytes} bytes came back")]
    private static partial void LogSwept(ILogger log, TenantId tenant, long condemned, long deleted, long bytes);

    [LoggerMessage(2415, LogLevel.Error, "Sweep of tenant {Tenant}: {Name} cannot be read; what it may name was held back, a check of its resource tells what the damage means")]
    private static partial void LogUnreadable(ILogger log, TenantId tenant, string name);

    [LoggerMessage(2406, LogLevel.Error, "Sweep of tenant {Tenant} failed; tried again tomorrow")]
    private static partial void LogSweepFailed(ILogger log, TenantId tenant, Exception exception);
}
