using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans;
using OrleansBackup.Domain.Checks;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Reports;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Checks;
using OrleansBackup.GrainInterfaces.Notices;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.Grains.Tenants;

/// <summary>What a tenant answers the daily check, what of it the customer is told in between, and when its monthly report is made.</summary>
internal sealed partial class TenantGrain
{
    // After an outage of the service everything is overdue at once: it is made up for before anybody is alarmed.
    private static readonly TimeSpan MakingUp = TimeSpan.FromHours(3), LooksBack = TimeSpan.FromDays(2);

    private Task _reporting = Task.CompletedTask;

    public async Task<TenantFindings> Check(CheckSpan span, SeverityRules rules, CancellationToken cancellation)
    {
        RequireOnboarded();
        try
        {
            await CheckPermissions(cancellation);
        }
        catch (ServiceException exception)
        {
            LogPermissionsUnknown(log, Tenant, exception); // what was granted last is shown; the runs say what is wrong
        }
        var parts = await AskPartsAsync((part, _) => part.Check(span, rules, cancellation));
        // While the contract halts the runs nothing is owed.
        return new TenantFindings(State.Contract?.RunsHalted is null ? [.. parts.SelectMany(part => part.Findings)] : [], Capabilities.Of(
            State.Permissions.Where(permission => permission.Granted).Select(permission => permission.Name), parts.SelectMany(part => part.Kinds), parts.SelectMany(part => part.Lacking)));
    }

    public async Task<ImmutableArray<ResourceSpans>> ListSpans(CancellationToken cancellation)
    {
        RequireOnboarded();
        var parts = await AskPartsAsync((part, _) => part.ListSpans(cancellation));
        return [.. parts.SelectMany(part => part).GroupBy(spans => spans.LocalName).Select(same => new ResourceSpans(same.Key, [.. same.SelectMany(one => one.Spans).Distinct().OrderBy(one => one.From)]))];
    }

    public Task<ImmutableArray<ReportMonth>> ListReports(CancellationToken cancellation)
    {
        RequireOnboarded();
        return Task.FromResult(State.Reports);
    }

    /// <summary>Critical faults are told once and their end once. What does not succeed is done by the next look.</summary>
    private async Task TellFaultsAsync(CancellationToken cancellation)
    {
        try
        {
            await GrainFactory.CheckDiary().Attend(cancellation); // its own tick can be lost
            var terms = await checks.TermsOfAsync(GrainFactory, Tenant, checks.Calendar.DayOf(Now), cancellation);
            var span = new CheckSpan(Now - LooksBack, Now, terms.Grace);
            var parts = terms.CustomerOnCritical && State.Contract?.RunsHalted is null ? await AskPartsAsync((part, _) => part.Check(span, checks.Rules, cancellation)) : [];
            var standing = CriticalFault.Of(parts.SelectMany(part => part.Findings)).ToDictionary(fault => fault.Key);
            var seen = standing.Keys.ToImmutableDictionary(key => key, key => State.Faults.GetValueOrDefault(key, Now), StringComparer.Ordinal);
            var over = State.Faults.Keys.Except(seen.Keys).ToList();
            // Remembered before it is told and forgotten after it was told to be over: a crash in between tells twice, and the book drops that.
            if (seen.Count > 0 && seen.Keys.Any(key => !State.Faults.ContainsKey(key)))
                await _keeper.ChangeAsync(state => state with { Faults = state.Faults.AddRange(seen.Where(fault => !state.Faults.ContainsKey(fault.Key))) });
            foreach (var fault in standing.Values.Where(fault => fault.Kind != FaultKind.NoRun || Now - seen[fault.Key] >= MakingUp))
                await GrainFactory.NoticeBook(Tenant).Raise(new NoticeMatter(NoticeKind.CriticalFault, fault.Key, fault.What, fault.Resources, null), cancellation);
            foreach (var key in over)
                await GrainFactory.NoticeBook(Tenant).End(key, cancellation);
            if (over.Count > 0)
                await _keeper.ChangeAsync(state => state with { Faults = state.Faults.RemoveRange(over) });
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested && !_leaving.IsCancellationRequested)
        {
            LogFaultsNotTold(log, Tenant, exception);
        }
    }

    /// <summary>Every month that is over and has no report yet gets one, at an hour of this tenant's own on the first day, so that not all ask their resources at once.</summary>
    private Task MakeReportsOnceAsync() => _reporting.IsCompleted ? _reporting = MakeReportsAsync(_leaving.Token) : _reporting;

    private async Task MakeReportsAsync(CancellationToken cancellation)
    {
        // Give the caller its turn back, yet go on under the grain's scheduler: state has one thread.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding | ConfigureAwaitOptions.ContinueOnCapturedContext);
        try
        {
            var present = ReportMonth.Of(checks.Calendar.DayOf(Now));
            var first = ReportMonth.Of(checks.Calendar.DayOf(State.OnboardedAt));
            for (var month = State.Reports.IsEmpty ? first : State.Reports[0].Next; month < present && Now >= month.Ends(checks.Calendar) + OwnDelay(); month = month.Next)
            {
                var terms = await checks.TermsOfAsync(GrainFactory, Tenant, month.Last, cancellation);
                if (terms.MonthlyReport)
                    await GrainFactory.MonthlyReport(Tenant, month).Make(cancellation);
                var made = month;
                await _keeper.ChangeAsync(state => state with { Reports = state.Reports.Contains(made) ? state.Reports : state.Reports.Insert(0, made) });
            }
        }
        catch (Exception) when (_leaving.IsCancellationRequested)
        {
            // the next activation makes them
        }
        catch (Exception exception)
        {
            LogReportNotMade(log, Tenant, exception);
        }
    }

    private async Task ForgetReportsAsync(CancellationToken cancellation)
    {
        foreach (var month in State.Reports)
            await GrainFactory.MonthlyReport(Tenant, month).Forget(cancellation);
    }

    private TimeSpan OwnDelay() => checks.ReportsWithin * (BitConverter.ToUInt16(Tenant.Value.ToByteArray()) / (double)ushort.MaxValue);

    [LoggerMessage(2411, LogLevel.Warning, "Microsoft 365 did not say which permissions tenant {Tenant} grants now")]
    private static partial void LogPermissionsUnknown(ILogger log, TenantId tenant, Exception exception);

    [LoggerMessage(2412, LogLevel.Error, "Critical faults of tenant {Tenant} could not be handed to its notices; the next look tries again")]
    private static partial void LogFaultsNotTold(ILogger log, TenantId tenant, Exception exception);

    [LoggerMessage(2413, LogLevel.Error, "The monthly report of tenant {Tenant} could not be made; the next look tries again")]
    private static partial void LogReportNotMade(ILogger log, TenantId tenant, Exception exception);
}
