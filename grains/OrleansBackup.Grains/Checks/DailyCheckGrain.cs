using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;
using OrleansBackup.Domain.Checks;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Invoicing;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Runs;
using OrleansBackup.Domain.Subscriptions;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Billing;
using OrleansBackup.GrainInterfaces.Checks;
using OrleansBackup.GrainInterfaces.Notices;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;
using OrleansBackup.Grains.Subscriptions;

namespace OrleansBackup.Grains.Checks;

/// <summary>The life of one day's check: begun with what is left of the one before, every tenant asked at its hour, looked at, carried over.</summary>
internal sealed partial class DailyCheckGrain(
    [PersistentState("daily-check", StateStores.Default)] IPersistentState<DailyCheckState> storage,
    CheckServices services, IHostApplicationLifetime process, TimeProvider time, ILogger<DailyCheckGrain> log) : Grain, IDailyCheckGrain
{
    private readonly StateKeeper<DailyCheckState> _keeper = new(storage);
    private readonly CancellationTokenSource _leaving = CancellationTokenSource.CreateLinkedTokenSource(process.ApplicationStopping);
    private Task _asking = Task.CompletedTask;

    private DateOnly Day => GrainKeys.ParseCheck(this.GetPrimaryKeyString());

    private DailyCheck Known => _keeper.State.Check ?? throw new NotFoundException($"There was no check on {Day:yyyy-MM-dd}.");

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _leaving.CancelAsync();
        await _asking.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        _leaving.Dispose();
        await base.OnDeactivateAsync(reason, cancellationToken);
    }

    public async Task Attend(CheckOrder order, CancellationToken cancellation)
    {
        if (_keeper.State.Check is null)
            await BeginAsync(order, cancellation);
        if (_keeper.State.Check is { MadeAt: null } && _asking.IsCompleted)
            _asking = AskAsync(order.Incidents);
    }

    public Task<DailyCheck> Get(CancellationToken cancellation) => Task.FromResult(Known);

    public async Task<DailyCheck> Acknowledge(string who, string note, ImmutableArray<string> groups, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(who))
            throw new InvalidRequestException("who", "Say who has looked.");
        if (Known.CarriedTo is { } later)
            throw new NotPossibleNowException($"What was open in this check stands in the one of {later:yyyy-MM-dd}: acknowledge it there.");
        if (groups.FirstOrDefault(id => Known.Groups.All(group => group.Id != id)) is { } unknown)
            throw new InvalidRequestException("groups", $"The check has no group '{unknown}'.");
        var looked = new CheckAcknowledgement(who, time.GetUtcNow(), note);
        await ChangeAsync(check => check with
        {
            Looked = check.Looked ?? (groups.IsEmpty ? looked : null),
            Groups = [.. check.Groups.Select(group => group.Acknowledged is null && (groups.IsEmpty || groups.Contains(group.Id)) ? group with { Acknowledged = looked } : group)],
        });
        if (Known is { Looked: null } && Known.Groups.All(group => group.Acknowledged is not null))
            await ChangeAsync(check => check with { Looked = looked }); // the last group was the whole of it
        await TellCaughtUpAsync();
        return Known;
    }

    public async Task<DailyCheck> OpenWork(string group, CancellationToken cancellation)
    {
        var found = Known.Groups.FirstOrDefault(one => one.Id == group) ?? throw new InvalidRequestException("group", $"The check has no group '{group}'.");
        if (Known.CarriedTo is { } later && found.Acknowledged is null)
            throw new NotPossibleNowException($"What was open in this check stands in the one of {later:yyyy-MM-dd}: open the work there.");
        var entry = FaultCatalogue.Of(found.Kind);
        if (entry.Cause != FaultCause.CustomerConfiguration)
            throw new NotPossibleNowException($"This fault does not lie with the customer's configuration ({FaultCatalogue.NameOf(entry.Cause).En}).");
        // By the day on which it was first found, so that what is carried over is the same work.
        var order = await GrainFactory.WorkOrders(found.Tenant).Open(WorkKind.CustomerFault, $"{found.Kind}", new(entry.What.Nl, entry.What.En), $"checks/{found.FirstSeen:yyyy-MM-dd}", cancellation);
        await ChangeAsync(check => check with { Groups = [.. check.Groups.Select(one => one.Id == group ? one with { WorkOrder = order.Id } : one)] });
        return Known;
    }

    public async Task<CheckHandOver> HandOver(DateOnly to, CancellationToken cancellation)
    {
        var wasAcknowledged = Known.IsAcknowledged;
        if (Known.CarriedTo is null)
            await ChangeAsync(check => check with { CarriedTo = to });
        return new CheckHandOver([.. Known.Groups.Where(group => group.Acknowledged is null)], Known.Tenants, wasAcknowledged);
    }

    public async Task Forget(CancellationToken cancellation)
    {
        if (_keeper.Exists)
            await _keeper.ClearAsync();
    }

    private async Task BeginAsync(CheckOrder order, CancellationToken cancellation)
    {
        var before = order.Previous is { } day ? await GrainFactory.DailyCheck(day).HandOver(Day, cancellation) : null;
        var alerts = order.NotMade;
        if (before is { WasAcknowledged: false })
        {
            alerts = alerts.Insert(0, new MissedCheck(order.Previous!.Value, MissedCheckReason.NotAcknowledged));
            LogNotAcknowledged(log, order.Previous!.Value);
        }
        foreach (var missed in alerts)
        {
            var words = DailyCheckRules.WordsOf(missed);
            await PublishAsync(EventKind.CheckMissed, null, $"{missed.Day:yyyy-MM-dd}/{missed.Reason}", ("day", $"{missed.Day:yyyy-MM-dd}"), ("reason", $"{missed.Reason}"), ("nl", words.Nl), ("en", words.En));
        }
        var (last, names) = (before?.Tenants.ToDictionary(tenant => tenant.Tenant) ?? [], await GrainFactory.Provider().ListTenants(cancellation));
        var sinceWhen = services.Calendar.At(Previous(Day), services.Options.At); // who is new is looked at from the last working day on
        await _keeper.ChangeAsync(state => state with
        {
            Check = new DailyCheck(Day, time.GetUtcNow(), null, DailyCheckRules.Carry(before?.Groups ?? []), alerts,
                [.. names.Select(tenant => last.GetValueOrDefault(tenant.Tenant) is { } was
                    ? new CheckedTenant(tenant.Tenant, tenant.Name, was.AskedAt ?? was.After, null, was.Capabilities, null) { Lost = was.Lost }
                    : new CheckedTenant(tenant.Tenant, tenant.Name, sinceWhen, null, null, null))], null, null),
        });
    }

    /// <summary>Some tenants at a time; what they answer is written together, so that a thousand tenants are some hundred writes.</summary>
    private async Task AskAsync(ImmutableArray<Incident> incidents)
    {
        // Give the caller its turn back, yet go on under the grain's scheduler: state has one thread.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding | ConfigureAwaitOptions.ContinueOnCapturedContext);
        try
        {
            var waiting = 0;
            foreach (var some in Known.Tenants.Where(tenant => tenant is { AskedAt: null, Problem: null }).Chunk(services.Options.TenantsAtOnce))
            {
                var answers = await Task.WhenAll(some.Select(tenant => AskAsync(tenant, incidents)));
                waiting += answers.Count(answer => answer is null);
                await TakeAsync([.. answers.OfType<Answer>()]);
            }
            if (waiting == 0)
            {
                await TellMadeAsync();
                await ChangeAsync(check => check with { MadeAt = time.GetUtcNow() });
                await TellCaughtUpAsync(); // somebody may have looked before the last tenant had answered
                LogMade(log, Day, Known.Tenants.Length, Known.Groups.Length);
            }
        }
        catch (Exception) when (_leaving.IsCancellationRequested)
        {
            // the next activation goes on with the next tick
        }
        catch (InconsistentStateException)
        {
            DeactivateOnIdle(); // a newer activation owns this check
        }
        catch (Exception exception)
        {
            LogInterrupted(log, Day, exception); // the next tick goes on
        }
    }

    /// <summary>Before it is written down that the check is made: an attempt that is cut off here tells it again, under the same ids.</summary>
    private async Task TellMadeAsync()
    {
        var day = $"{Day:yyyy-MM-dd}";
        await PublishAsync(EventKind.CheckDue, null, day, ("day", day), ("tenants", $"{Known.Tenants.Length}"), ("groups", $"{Known.Groups.Length}"));
        if (Known.Groups.IsEmpty)
            return;
        await PublishAsync(EventKind.CheckFindings, null, day, ("day", day), ("groups", $"{Known.Groups.Length}"), ("critical", $"{Known.Groups.Count(group => group.Severity == FaultSeverity.Critical)}"));
        foreach (var group in Known.Groups.Where(group => group.FirstSeen == Day))
            await PublishAsync(EventKind.FaultFound, group.Tenant, $"{day}/{group.Id}", ("day", day), ("fault", $"{group.Kind}"), ("severity", $"{group.Severity}"), ("resources", $"{group.Count}"));
    }

    /// <summary>The all-clear after days that were missed: this check takes along what they would have shown, and somebody has looked at all of it. Told twice it is one event.</summary>
    private async Task TellCaughtUpAsync()
    {
        if (Known is { IsAcknowledged: true, Alerts.IsEmpty: false } check)
            await PublishAsync(EventKind.CheckCaughtUp, null, $"{Day:yyyy-MM-dd}", ("day", $"{Day:yyyy-MM-dd}"), ("who", check.Looked!.Who), ("missed", string.Join(", ", check.Alerts.Select(missed => $"{missed.Day:yyyy-MM-dd}"))));
    }

    // A check is made whether or not somebody hears of it.
    private Task PublishAsync(EventKind kind, TenantId? tenant, string key, params (string Name, string Value)[] facts) =>
        GrainFactory.TryPublishAsync(ServiceEvent.Of(kind, tenant, key, time.GetUtcNow(), $"checks/{Day:yyyy-MM-dd}", facts), log, _leaving.Token);

    /// <summary>Null: its hour has not come.</summary>
    private async Task<Answer?> AskAsync(CheckedTenant tenant, ImmutableArray<Incident> incidents)
    {
        try
        {
            var (terms, now) = (await services.TermsOfAsync(GrainFactory, tenant.Tenant, Day, _leaving.Token), time.GetUtcNow());
            if (now < services.Calendar.At(Day, terms.At))
                return null;
            if (!terms.DailyCheck)
                return new Answer(tenant with { AskedAt = now }, []);
            var found = await GrainFactory.Tenant(tenant.Tenant).Check(new CheckSpan(tenant.After, now, terms.Grace), services.Rules, _leaving.Token);
            var groups = DailyCheckRules.Group(tenant.Tenant, tenant.Name, Day, found.Findings.Select(finding => finding.With(incidents)));
            var lost = Capabilities.Lost(tenant.Capabilities, found.Capabilities);
            var standing = await TellCapabilitiesAsync(tenant, terms, lost, found.Capabilities);
            if (!lost.IsEmpty)
                groups = groups.Insert(0, new CheckGroup(tenant.Tenant, tenant.Name, FaultKind.CapabilityLost, FaultSeverity.Critical, lost.Length, [], Day) { Details = lost });
            return new Answer(tenant with { AskedAt = now, Capabilities = found.Capabilities, Lost = standing }, groups);
        }
        catch (NotFoundException) when (!_leaving.IsCancellationRequested)
        {
            return new Answer(tenant with { AskedAt = time.GetUtcNow() }, []); // it ended meanwhile
        }
        catch (Exception exception) when (!_leaving.IsCancellationRequested)
        {
            LogNotAsked(log, tenant.Tenant, exception);
            return new Answer(tenant with { Problem = exception.Message },
                [new CheckGroup(tenant.Tenant, tenant.Name, FaultKind.TenantNotAsked, FaultCatalogue.Of(FaultKind.TenantNotAsked).Severity, 0, [], Day) { Details = [exception.Message] }]);
        }
    }

    /// <summary>What the backup of a customer cannot do any more is told at once, in one notice; and once all of that is back, that it is.</summary>
    private async Task<ImmutableArray<LostCapabilities>> TellCapabilitiesAsync(CheckedTenant tenant, CheckTerms terms, ImmutableArray<string> lost, ImmutableSortedSet<string> now)
    {
        var book = GrainFactory.NoticeBook(tenant.Tenant);
        ImmutableArray<LostCapabilities> standing = [.. tenant.Lost.Select(told => told with { Tokens = [.. told.Tokens.Where(token => !now.Contains(token))] })];
        foreach (var over in standing.Where(told => told.Tokens.IsEmpty))
            await book.End(over.Key, _leaving.Token);
        standing = standing.RemoveAll(told => told.Tokens.IsEmpty);
        if (lost.IsEmpty || !terms.CustomerOnCritical)
            return standing;
        var fault = CriticalFault.OfCapabilities(Day, lost);
        await book.Raise(new NoticeMatter(NoticeKind.CriticalFault, fault.Key, fault.What, [], null), _leaving.Token);
        return standing.Add(new LostCapabilities(fault.Key, lost));
    }

    private Task TakeAsync(ImmutableArray<Answer> answers) => answers.IsEmpty ? Task.CompletedTask : ChangeAsync(check =>
    {
        var byTenant = answers.ToDictionary(answer => answer.Tenant.Tenant);
        return check with
        {
            Tenants = [.. check.Tenants.Select(tenant => byTenant.GetValueOrDefault(tenant.Tenant)?.Tenant ?? tenant)],
            Groups = DailyCheckRules.With(check.Groups, answers.SelectMany(answer => answer.Groups)),
        };
    });

    private Task ChangeAsync(Func<DailyCheck, DailyCheck> change) => _keeper.ChangeAsync(state => state with { Check = change(state.Check!) });

    private DateOnly Previous(DateOnly day)
    {
        do
            day = day.AddDays(-1);
        while (!services.WorkingDays.IsWorkingDay(day));
        return day;
    }

    private sealed record Answer(CheckedTenant Tenant, ImmutableArray<CheckGroup> Groups);

    [LoggerMessage(2823, LogLevel.Information, "The check of {Day} is made: {Tenants} tenants, {Groups} groups to look at")]
    private static partial void LogMade(ILogger log, DateOnly day, int tenants, int groups);

    [LoggerMessage(2824, LogLevel.Error, "The check of {Day} was not acknowledged before the next: what was open is carried over")]
    private static partial void LogNotAcknowledged(ILogger log, DateOnly day);

    [LoggerMessage(2825, LogLevel.Error, "Tenant {Tenant} did not answer the daily check; the next one looks back further")]
    private static partial void LogNotAsked(ILogger log, Domain.Identity.TenantId tenant, Exception exception);

    [LoggerMessage(2814, LogLevel.Error, "The check of {Day} was interrupted; the next tick goes on")]
    private static partial void LogInterrupted(ILogger log, DateOnly day, Exception exception);
}

/// <summary>What one check remembers. Additive: a field, once written, keeps its meaning.</summary>
[GenerateSerializer, Immutable, Alias("daily-check-state")]
internal sealed record DailyCheckState : StoredState
{
    [Id(0)] public DailyCheck? Check { get; init; }
}
