using System.Globalization;
using Microsoft.Extensions.Logging;
using OrleansBackup.Domain.Contracts;
using OrleansBackup.Domain.Contracts.Consequences;
using OrleansBackup.Domain.Identity;
using OrleansBackup.Domain.Notices;
using OrleansBackup.Domain.Plans;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Contracts;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.Grains.Ledger;

namespace OrleansBackup.Grains.Contracts;

/// <summary>The consequence before the act: what becomes unrecoverable is computed, told, kept, and looked at by a second person; only then it is done.</summary>
internal sealed partial class ContractGrain
{
    public async Task<ConsequenceReport> Foresee(ActOrder order, CancellationToken cancellation)
    {
        _ = Detailed(order);
        var list = await ReadAsync(order, cancellation);
        var csv = list.ToCsv();
        return new ConsequenceReport(list.Resources, list.Points.Length, list.FirstLoss, list.LastLoss, list.Stopped.Length, ConsequenceList.HashOf(csv), csv);
    }

    public async Task<ContractRecord> Propose(ActOrder order, string who, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(order.Why))
            throw new InvalidRequestException("why", "Say why; it is kept.");
        var details = Detailed(order);
        var list = await ReadAsync(order, cancellation);
        var (csv, number) = (list.ToCsv(), Present.Acts.Length + 1);
        var key = $"act/{number}";
        var proposed = new ActProposed(number, order.Kind, details.Write(), order.Why, list.Resources, list.Points.Length, list.FirstLoss, list.LastLoss, ConsequenceList.HashOf(csv), $"contract/{_keeper.State.Former.Length}/{key}");
        var isHarmless = list.Points.IsEmpty && list.Stopped.IsEmpty && order.Kind is ActKind.Settings or ActKind.Plan;
        if (!isHarmless)
        {
            await RequireSomebodyIsToldAsync(cancellation);
            // What was shown is evidence: it stands in the ledger before anybody is told of it.
            await ledgers.EnterAsync(LedgerNames.Consequences(Tenant, proposed.ListHash), csv, cancellation);
            await Evidence(_keeper.State.Former.Length, number).Keep(csv, cancellation);
            await TellAsync(key, ContractTexts.Consequence(order.Kind, list.Points.Length, list.Resources, list.Stopped.Length), cancellation, NoticeKind.ConsequenceAhead, list.FirstLoss ?? Today);
        }
        await AddAsync(who, proposed);
        LogProposed(log, Tenant, number, order.Kind, list.Points.Length);
        if (isHarmless)
            return await DoAsync(number, who, cancellation);
        await TellOfWaitingAsync();
        return Record();
    }

    /// <summary>So that the provider hears that somebody has to look. What is proposed is kept by now: that this fails must not look as if it were not.</summary>
    private async Task TellOfWaitingAsync()
    {
        try
        {
            await GrainFactory.Tenant(Tenant).FollowContract(RuleOf(mayDestroy: false), CancellationToken.None);
        }
        catch (Exception exception)
        {
            LogNotTold(log, Tenant, exception); // the contract follows its days, which tells it as well
        }
    }

    public async Task<ContractRecord> Confirm(int act, string who, CancellationToken cancellation)
    {
        var proposed = Allowed(() => Decisions().RequireOpenAct(act)).Proposed;
        var entry = Entries().First(one => one.Event is ActProposed made && made.Number == act);
        if (string.Equals(entry.Who, who, StringComparison.OrdinalIgnoreCase))
            throw new NotPossibleNowException("Who proposed it cannot confirm it: a second person, with a key of his own, has to look at the list.");
        var seen = await ReadConsequences(act, cancellation);
        if (!(await ReadAsync(OrderOf(proposed), cancellation)).IsCoveredBy(seen, calendar.DayOf(entry.At)))
            throw new NotPossibleNowException("More would become unrecoverable by now than the list says that was shown. Drop this proposal and make it anew.");
        return await DoAsync(act, who, cancellation);
    }

    public Task<ContractRecord> Drop(int act, string why, string who, CancellationToken cancellation) => string.IsNullOrWhiteSpace(why)
        ? throw new InvalidRequestException("why", "Say why; it is kept.")
        : HappenAsync(who, decisions => new ActDropped(decisions.RequireOpenAct(act).Proposed.Number, Today, why), cancellation);

    public async Task<string> ReadConsequences(int act, CancellationToken cancellation)
    {
        var proposed = Present.Acts.FirstOrDefault(one => one.Proposed.Number == act)?.Proposed ?? throw new NotFoundException($"The contract has no proposal {act}.");
        var shown = await Evidence(_keeper.State.Former.Length, act).Read(cancellation);
        return ConsequenceList.HashOf(shown) == proposed.ListHash ? shown : throw new NotPossibleNowException($"The list of proposal {act} is not the one that was shown: its hash differs.");
    }

    private IEvidenceGrain Evidence(int contract, int act) => GrainFactory.GetGrain<IEvidenceGrain>(GrainKeys.OfEvidence(Tenant, contract, act));

    /// <summary>Written down first: what a crash keeps from being carried out is carried out at the next turn.</summary>
    private async Task<ContractRecord> DoAsync(int act, string who, CancellationToken cancellation)
    {
        var proposed = Allowed(() => Decisions().RequireOpenAct(act)).Proposed;
        var confirmed = new ActConfirmed(act, Today);
        switch (proposed.Act)
        {
            case ActKind.Suspend:
                var suspended = Allowed(() => Decisions().Suspend(proposed.Why));
                await TellAsync($"suspended/{act}", ContractTexts.Suspended(suspended.From), cancellation);
                await AddAsync(who, confirmed, suspended);
                break;
            case ActKind.Plan:
                var changed = Allowed(() => Changed(ActDetails.Read(proposed.Details)));
                await AddAsync(who, confirmed, changed);
                break;
            default:
                await AddAsync(who, confirmed);
                break;
        }
        LogConfirmed(log, Tenant, act, proposed.Act);
        await AttendAsync(cancellation);
        return Record();
    }

    /// <summary>Carries out what was confirmed and, because of a crash, not yet done.</summary>
    private async Task ApplyConfirmedAsync(CancellationToken cancellation)
    {
        foreach (var act in Present.Acts.Where(act => act is { Proposed.Act: ActKind.Settings, ConfirmedOn: not null } && !Present.Told.Contains(Applied(act))))
        {
            await GrainFactory.Tenant(Tenant).ChangeSettingsAsAgreed(ActDetails.Read(act.Proposed.Details).Settings!, cancellation);
            await AddAsync(ContractJournal.Service, new Told(Today, Applied(act)));
        }

        static string Applied(ContractAct act) => string.Create(CultureInfo.InvariantCulture, $"applied/{act.Proposed.Number}");
    }

    private ActDetails Detailed(ActOrder order)
    {
        switch (order.Kind)
        {
            case ActKind.Settings when order.Settings is { } settings:
                return new(settings, null, null);
            case ActKind.Plan when order.Plan is { } plan:
                var details = new ActDetails(null, plan, PlanFile.Write(PlanOf(plan.Plan)));
                Allowed(() => Changed(details));
                return details;
            case ActKind.Suspend:
                Allowed(() => Decisions().Suspend(order.Why));
                return new(null, null, null);
            case ActKind.End when Present.Notice?.EndsOn is null:
                throw new NotPossibleNowException("The end is not settled: process the customer's notice first.");
            case ActKind.End:
                return new(null, null, null);
            default:
                throw new InvalidRequestException(order.Kind == ActKind.Plan ? "plan" : "settings", "What is to be changed is missing.");
        }
    }

    private PlanChanged Changed(ActDetails details) =>
        Decisions().ChangePlan(details.Plan!.From, details.PlanText!, details.Plan.Overrides, details.Plan.NewTerm, details.Plan.Reference);

    private static ActOrder OrderOf(ActProposed proposed)
    {
        var details = ActDetails.Read(proposed.Details);
        return new ActOrder(proposed.Act, proposed.Why) { Settings = details.Settings, Plan = details.Plan };
    }

    private async Task<ConsequenceList> ReadAsync(ActOrder order, CancellationToken cancellation)
    {
        var (contract, today) = (Present, Today);
        var now = (await GrainFactory.Tenant(Tenant).GetOverview(cancellation)).Settings;
        var place = await GrainFactory.Tenant(Tenant).GetPlace(cancellation);
        var outlook = new TenantOutlook(now, now, RunsGoOn: true) { IsHalted = place.RunsHalted is not null, IsFrozen = place.ExpiryHalted is not null };
        switch (order.Kind)
        {
            case ActKind.Settings:
                return await consequences.ReadAsync(Tenant, outlook with { Then = order.Settings! }, today, cancellation);
            case ActKind.Plan:
                var changed = contract.With(Changed(new(null, order.Plan, PlanFile.Write(PlanOf(order.Plan!.Plan)))));
                return await consequences.ReadAsync(Tenant, outlook with { Then = AgreedSettings.Of(now, changed.AgreementOn(order.Plan.From).Plan) }, order.Plan.From, cancellation);
            case ActKind.Suspend:
                var frozenUntil = Allowed(() => Decisions().Suspend("foreseen")).FrozenUntil;
                return await consequences.ReadAsync(Tenant, outlook with { RunsGoOn = false, FrozenUntil = frozenUntil }, today, cancellation);
            default:
                return await consequences.ReadAsync(
                    Tenant, outlook with { FrozenFrom = contract.EndOn(working)!.Value.AddDays(1), DestroyedOn = contract.DestructionOn(working) }, today, cancellation);
        }
    }

    private async Task RequireSomebodyIsToldAsync(CancellationToken cancellation)
    {
        if ((await Notices.GetContacts(cancellation)).Any(contact => contact.IsTold(NoticeKind.ConsequenceAhead))
            || (await Notices.ListWebhooks(cancellation)).Any(webhook => webhook.Settings is { Enabled: true } settings && settings.Told.Contains(NoticeKind.ConsequenceAhead)))
            return;
        throw new NotPossibleNowException("The customer has nobody who is told of consequences: give this tenant a contact first.");
    }

    [LoggerMessage(2843, LogLevel.Warning, "Proposal {Act} ({Kind}) for tenant {Tenant} would make {Points} restore points unrecoverable")]
    private static partial void LogProposed(ILogger log, TenantId tenant, int act, ActKind kind, long points);

    [LoggerMessage(2846, LogLevel.Warning, "Tenant {Tenant} could not be told that a proposal waits for a second person; it is told with the next day")]
    private static partial void LogNotTold(ILogger log, TenantId tenant, Exception exception);

    [LoggerMessage(2844, LogLevel.Warning, "Proposal {Act} ({Kind}) for tenant {Tenant} was confirmed")]
    private static partial void LogConfirmed(ILogger log, TenantId tenant, int act, ActKind kind);
}
