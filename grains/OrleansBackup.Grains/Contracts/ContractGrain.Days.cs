using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using OrleansBackup.Domain.Contracts;
using OrleansBackup.Domain.Identity;
using OrleansBackup.GrainInterfaces;
using OrleansBackup.GrainInterfaces.Contracts;
using OrleansBackup.GrainInterfaces.Resources;
using OrleansBackup.GrainInterfaces.Tenants;

namespace OrleansBackup.Grains.Contracts;

/// <summary>What the days bring to a contract, and what it means for the backups now.</summary>
internal sealed partial class ContractGrain
{
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (_keeper.State.Entered < _keeper.State.Journal.Length)
            await KeepAsync(CancellationToken.None);
        if (Known is null or { Destroyed: not null } && _keeper.State.Entered >= _keeper.State.Journal.Length)
            await this.ForgetReminderAsync(Day);
        else if (Known is { Destroyed: null } && (_keeper.State.AttendedOn != Today || Known.DestructionOrderedOn is not null))
            await AttendAsync(CancellationToken.None);
    }

    public Task Attend(CancellationToken cancellation) => Known is null ? Task.CompletedTask : AttendAsync(cancellation);

    private async Task AttendAsync(CancellationToken cancellation)
    {
        await KeepAsync(cancellation);
        var today = Today;
        foreach (var duty in ContractDuties.DueOn(Present, today, working).Where(duty => !ContractDuties.IsForAPerson(duty.Kind)))
            await CarryOutAsync(duty, cancellation);
        await WatchDestructionAsync(cancellation);
        var problem = Present.Destroyed is null ? await FollowAsync(cancellation) : null;
        if (_keeper.State.AttendedOn != today || _keeper.State.Problem != problem)
            await _keeper.ChangeAsync(state => state with { AttendedOn = today, Problem = problem });
    }

    private async Task CarryOutAsync(ContractDuty duty, CancellationToken cancellation)
    {
        if (duty.Kind == DutyKind.Destroy)
        {
            await DestroyAsync(cancellation);
            return;
        }
        var text = duty.Kind switch
        {
            DutyKind.WillRenew => ContractTexts.WillRenew(duty.About, duty.LastDay!.Value),
            DutyKind.Renewed when Present.RulesOn(duty.About, working) is var rules => ContractTexts.Renewed(duty.About, rules.Terms.Renewal == Domain.Plans.Renewal.Monthly ? null : rules.TermOn(duty.About).Until),
            DutyKind.EndReminder => ContractTexts.EndReminder(duty.About),
            DutyKind.Ended => ContractTexts.Ended(duty.About, Present.DestructionOn(working)!.Value),
            DutyKind.NewTerms when Present.Terms.First(terms => $"terms/{terms.Version}" == duty.Key) is var terms => ContractTexts.NewTerms(terms.Version, terms.From, terms.Document),
            var kind => throw new InvalidOperationException($"Unknown duty {kind}."),
        };
        await TellAsync(duty.Key, text, cancellation); // once: the same key is not told again while it stands
        await AddAsync(ContractJournal.Service, new Told(Today, duty.Key));
    }

    /// <summary>Everything in the journal says that the day has come; a legal hold still refuses it, and then nothing is touched.</summary>
    private async Task DestroyAsync(CancellationToken cancellation)
    {
        try
        {
            await GrainFactory.Tenant(Tenant).FollowContract(RuleOf(mayDestroy: true), cancellation);
            await GrainFactory.Tenant(Tenant).StartDestruction(new DestructionRequest($"destroy {Tenant}", PersonsOfTheEnd(), $"The contract ended on {Present.EndOn(working):yyyy-MM-dd}."), cancellation);
            await AddAsync(ContractJournal.Service, new DestructionOrdered(Today));
        }
        catch (NotPossibleNowException refused)
        {
            LogRefused(log, Tenant, refused.Message);
            if (Present.Refused?.Why != refused.Message)
                await AddAsync(ContractJournal.Service, new DestructionRefused(Today, refused.Message));
        }
    }

    private async Task WatchDestructionAsync(CancellationToken cancellation)
    {
        if (Present is not { DestructionOrderedOn: not null, Destroyed: null })
            return;
        var status = await GrainFactory.Tenant(Tenant).GetDestruction(cancellation);
        if (status.State == DestructionState.Done)
            await AddAsync(ContractJournal.Service, new Destroyed(Today, status.Objects, status.Bytes));
        else if (status.State == DestructionState.Failed)
            await AddAsync(ContractJournal.Service, new DestructionRefused(Today, status.Problem ?? status.Step));
    }

    /// <summary>Applies the contract to the tenant, as far as that makes nothing unrecoverable.</summary>
    /// <returns>What a person has to do about it; null: nothing.</returns>
    private async Task<string?> FollowAsync(CancellationToken cancellation)
    {
        if (Present.DestructionOrderedOn is not null)
            return null; // the tenant is being destroyed: nothing applies any more
        var tenant = GrainFactory.Tenant(Tenant);
        var present = await tenant.FollowContract(RuleOf(mayDestroy: false), cancellation);
        await ApplyConfirmedAsync(cancellation);
        var agreement = Present.AgreementOn(Today);
        // Once for each agreement: what persons set afterwards is their decision, and stands in the journal where it takes something away.
        var key = $"plan-applied/{agreement.From:yyyy-MM-dd}/{Present.Plans.Length}";
        if (Today < Present.Start || Present.EndOn(working) < Today || Present.Told.Contains(key))
            return null;
        var agreed = AgreedSettings.Of(present, agreement.Plan);
        var isSame = agreed.Retention == present.Retention && ReferenceEquals(agreed.Scope, present.Scope);
        if (!isSame && !Confirmed(ActKind.Settings).Any(act => act.ConfirmedOn >= agreement.From))
        {
            if (AgreedSettings.CanLose(present, agreed) && !Confirmed(ActKind.Plan).Any(act => ActDetails.Read(act.Proposed.Details).Plan!.From == agreement.From)
                && (await ReadAsync(new(ActKind.Settings, "") { Settings = agreed }, cancellation)) is not { Points.IsEmpty: true, Stopped.IsEmpty: true })
                return "The plan keeps points for a shorter time, or takes less into the backup, than the tenant's settings do. The settings stay until somebody proposes what the plan says and a second person confirms it.";
            await tenant.ChangeSettingsAsAgreed(agreed, cancellation);
        }
        await AddAsync(ContractJournal.Service, new Told(Today, key));
        return null;

        IEnumerable<ContractAct> Confirmed(ActKind kind) => Present.Acts.Where(act => act.Proposed.Act == kind && act.ConfirmedOn is not null);
    }

    private ContractRule RuleOf(bool mayDestroy)
    {
        var (contract, today, end) = (Present, Today, Present.EndOn(working));
        var ended = end is { } last && today > last ? $"The contract of this customer ended on {last:yyyy-MM-dd}." : null;
        var suspended = contract.OpenSuspension is { } open && today >= open.From ? $"The service for this customer has been suspended since {open.From:yyyy-MM-dd}; lift the suspension first." : null;
        ImmutableArray<string> problems = Record().Problems;
        return new ContractRule(
            ended ?? suspended,
            ended is not null ? $"{ended} What there is stays until it is destroyed as agreed." : contract.MayExpire(today) ? null : $"{suspended} Until then nothing expires.",
            mayDestroy ? null : end is { } known
                ? $"The contract runs until {known:yyyy-MM-dd}, and the backups are to be destroyed on {contract.DestructionOn(working):yyyy-MM-dd}: that is done by itself when a second person has confirmed it."
                : "The tenant has a contract that nobody has ended: register the customer's notice first.",
            problems.IsEmpty ? null : problems[0])
        {
            WaitingForSecond = contract.Acts.Count(act => act.IsOpen),
        };
    }

    private string PersonsOfTheEnd()
    {
        var entries = Entries();
        var act = Present.Acts.Last(one => one is { Proposed.Act: ActKind.End, ConfirmedOn: not null, DroppedOn: null }).Proposed.Number;
        return $"{WhoDid<ActProposed>(entries, one => one.Number == act)} and {WhoDid<ActConfirmed>(entries, one => one.Number == act)}";
    }

    private ImmutableArray<JournalEntry> Entries() => [.. _keeper.State.Journal.Select(ContractJournal.Read)];

    private static string WhoDid<TEvent>(ImmutableArray<JournalEntry> entries, Func<TEvent, bool> isIt)
        where TEvent : ContractEvent => entries.First(entry => entry.Event is TEvent one && isIt(one)).Who;

    [LoggerMessage(2842, LogLevel.Error, "The backups of tenant {Tenant} are not destroyed on the agreed day: {Why}")]
    private static partial void LogRefused(ILogger log, TenantId tenant, string why);
}
