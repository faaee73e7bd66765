using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces.Access;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.Grains.Tenants;

/// <summary>What the tenant tells the provider of itself: soon after it came to life, at most every half minute when it changes, and each hour, since some of it changes with time alone.</summary>
internal sealed partial class TenantGrain
{
    private static readonly TimeSpan SoonAfterActivation = TimeSpan.FromSeconds(1), BetweenTellings = TimeSpan.FromSeconds(30);

    private IGrainTimer? _telling;
    private TenantStanding? _told;

    public Task CountsChanged(CancellationToken cancellation)
    {
        TellProviderIn(BetweenTellings);
        return Task.CompletedTask;
    }

    public async Task<TenantStanding?> GetStanding(CancellationToken cancellation) => State.Access is null ? null : await StandingAsync(cancellation);

    private async Task<TenantStanding> StandingAsync(CancellationToken cancellation)
    {
        var counts = await CountsAsync(cancellation);
        var problem = ProblemOf(counts) ?? (await NoticesAsync(cancellation)).Problem();
        return new TenantStanding(counts.Resources, problem is not null)
        {
            Results = counts.Results, LogicalBytes = counts.LogicalBytes, Problem = problem,
            WaitingForSecond = (State.Contract?.WaitingForSecond ?? 0) + (await GrainFactory.Proposals(Tenant).List(cancellation)).Length,
        };
    }

    private string? ProblemOf(PartCounts counts) => State.Problem ?? State.Contract?.Problem ?? CertificateProblem()
        ?? (counts.Untold == 0 ? null : $"{counts.Untold} resources could not be told how they stand; they are told again within the hour.");

    private void TellProviderIn(TimeSpan delay) => _telling ??= this.RegisterGrainTimer(
        async _ =>
        {
            _telling!.Dispose(); // which cancels the timer's own token: what is told now must not end by that
            _telling = null;
            await TellProviderAsync(always: false, _leaving.Token);
        },
        new GrainTimerCreationOptions { DueTime = delay, Period = Timeout.InfiniteTimeSpan, Interleave = true });

    private async Task TellProviderAsync(bool always, CancellationToken cancellation)
    {
        try
        {
            if (await GetStanding(cancellation) is not { } standing || !always && standing == _told)
                return;
            await GrainFactory.Provider().TellStanding(Tenant, standing, cancellation);
            _told = standing;
        }
        catch (Exception exception) when (!_leaving.IsCancellationRequested)
        {
            LogStandingNotTold(log, Tenant, exception); // the next change or the next hour tells it
        }
    }

    [LoggerMessage(2408, LogLevel.Warning, "The provider could not be told how tenant {Tenant} stands; told again within the hour")]
    private static partial void LogStandingNotTold(ILogger log, TenantId tenant, Exception exception);
}
