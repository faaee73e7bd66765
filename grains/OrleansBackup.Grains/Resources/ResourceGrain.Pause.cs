using OrleansBackup.Domain.Runs;
using OrleansBackup.GrainInterfaces;

namespace OrleansBackup.Grains.Resources;

/// <summary>How a resource keeps its hands off the vault while its tenant moves to another store, or ends.</summary>
/// <remarks>
/// The tenant says whether it is paused, and is asked when work begins; what it began before is stopped by <see cref="Quiesce"/>. A run that is
/// stopped so stays open in the state and goes on by itself when the pause is over.
/// </remarks>
internal abstract partial class ResourceGrain
{
    private CancellationTokenSource? _stopBeside;
    private int _quiescing;

    public async Task Quiesce(CancellationToken cancellation)
    {
        _quiescing++;
        try
        {
            if (_stopRun is { } run)
                await run.CancelAsync();
            if (_stopBeside is { } beside)
                await beside.CancelAsync();
            await Task.WhenAll(_run, _expiry, _scrub).WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            cancellation.ThrowIfCancellationRequested();
        }
        finally
        {
            _quiescing--;
        }
    }

    public async Task Forget(CancellationToken cancellation)
    {
        await Quiesce(cancellation);
        await this.ForgetReminderAsync(Daily);
        await this.ForgetReminderAsync(Attend);
        await _keeper.ChangeAsync(_ => new ResourceState());
    }

    /// <summary>For work beside a run; ends with the activation or when the resource is told to be quiet.</summary>
    private CancellationToken BesideToken()
    {
        if (_stopBeside is not { IsCancellationRequested: false })
        {
            _stopBeside?.Dispose();
            _stopBeside = CancellationTokenSource.CreateLinkedTokenSource(_leaving.Token);
        }
        return _stopBeside.Token;
    }

    private async Task<string?> PausedAsync(CancellationToken cancellation) =>
        Erasing ?? await services.Vault.PausedAsync(Resource.Tenant, cancellation);

    private async Task<string?> RunsHaltedAsync(CancellationToken cancellation) => Erasing ?? await services.Vault.RunsHaltedAsync(Resource.Tenant, cancellation);

    private async Task<string?> ExpiryHaltedAsync(CancellationToken cancellation) => Erasing ?? await services.Vault.ExpiryHaltedAsync(Resource.Tenant, cancellation);

    /// <summary>Until an erasure is carried out nothing else writes, also in the next process.</summary>
    private string? Erasing => State.Erasure is null ? null : "Items are being erased from its restore points.";

    private static void Require(string? halted)
    {
        if (halted is not null)
            throw new NotPossibleNowException(halted);
    }

    private async Task RequireNotPausedAsync(CancellationToken cancellation) => Require(await PausedAsync(cancellation));

    /// <summary>Who watches the run sees it stop; the state keeps it open.</summary>
    private async Task PauseAsync(RunBoard board, string why)
    {
        board.Update(progress => progress with { Outcome = RunOutcome.Cancelled, EndedAt = Now, Step = "Paused", Problem = $"{why} The run goes on by itself then." });
        await ReportAsync();
    }
}
