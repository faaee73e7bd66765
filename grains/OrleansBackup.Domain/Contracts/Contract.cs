using System.Collections.Immutable;
using OrleansBackup.Domain.Calendar;
using OrleansBackup.Domain.Plans;

namespace OrleansBackup.Domain.Contracts;

/// <summary>A contract as its journal tells it. Immutable; changed by events only.</summary>
/// <remarks>Pure. What may happen is decided by <see cref="ContractDecisions"/>; here stands what is, once it happened.</remarks>
public sealed record Contract
{
    public required DateOnly Start { get; init; }

    /// <summary>Where the written contract is found.</summary>
    public required string Reference { get; init; }

    /// <summary>What was agreed from when, oldest first.</summary>
    public required ImmutableArray<PlanAgreement> Plans { get; init; }

    public ImmutableSortedDictionary<string, string> Prerequisites { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public ProcessingAgreementKept? ProcessingAgreement { get; init; }

    /// <summary>Versions of the conditions and from when each applies, oldest first.</summary>
    public ImmutableArray<TermsPublished> Terms { get; init; } = [];

    /// <summary>The notice that stands; null: none.</summary>
    public CancellationNotice? Notice { get; init; }

    /// <summary>Notices that were taken back.</summary>
    public ImmutableArray<CancellationNotice> Withdrawn { get; init; } = [];

    public ImmutableArray<ChangeRequest> Changes { get; init; } = [];

    /// <summary>The customer was warned; null: no warning stands.</summary>
    public SuspensionWarned? Warning { get; init; }

    /// <summary>Oldest first; the last may be open.</summary>
    public ImmutableArray<Suspension> Suspensions { get; init; } = [];

    public DeletionAgreed? Deletion { get; init; }

    public ExportConfirmed? Export { get; init; }

    public ImmutableArray<ContractAct> Acts { get; init; } = [];

    /// <summary>Keys of what was told already.</summary>
    public ImmutableHashSet<string> Told { get; init; } = [];

    public DateOnly? DestructionOrderedOn { get; init; }

    /// <summary>Why the destruction cannot take place; null: nothing hinders it, as far as is known.</summary>
    public DestructionRefused? Refused { get; init; }

    public Destroyed? Destroyed { get; init; }

    public Suspension? OpenSuspension => Suspensions is [.., { LiftedOn: null } open] ? open : null;

    /// <summary>What is agreed on a day; before the first, the first.</summary>
    public PlanAgreement AgreementOn(DateOnly day) => Plans.LastOrDefault(one => one.From <= day) ?? Plans[0];

    public TermRules RulesOn(DateOnly day, WorkingCalendar calendar)
    {
        var agreed = AgreementOn(day);
        return new TermRules(agreed.Plan.Contract, agreed.TermsFrom, calendar);
    }

    /// <summary>The last day, as it is known; null: it goes on until somebody gives notice.</summary>
    /// <remarks>A notice that nobody has processed yet ends the contract too: as if that were done on the last day of the time for it.</remarks>
    public DateOnly? EndOn(WorkingCalendar calendar)
    {
        if (Notice is { } notice)
            return notice.EndsOn ?? EndFor(notice, null, calendar);
        var last = RulesOn(DateOnly.MaxValue, calendar);
        return last.Terms.Renewal == Renewal.None ? last.FirstTermEnd : null;
    }

    /// <summary>The last day of the contract by this notice.</summary>
    public DateOnly EndFor(CancellationNotice notice, DateOnly? processed, WorkingCalendar calendar)
    {
        var rules = RulesOn(notice.ReceivedOn, calendar);
        return rules.EndFor(rules.CountsFrom(notice.ReceivedOn, processed));
    }

    /// <summary>The day of destruction; null: no end is known.</summary>
    public DateOnly? DestructionOn(WorkingCalendar calendar) => EndOn(calendar) is not { } end ? null
        : Deletion is { } agreed && agreed.On > end ? agreed.On
        : ContractDays.Deadline(end, AgreementOn(end).Plan.End.DeleteAfter, calendar);

    /// <summary>Whether retention may let points go on this day. While a suspension is frozen nothing goes, also after the freeze until a person has decided.</summary>
    public bool MayExpire(DateOnly day) => OpenSuspension is not { Retention: RetentionMeanwhile.Freeze } open || day < open.From;

    /// <summary>Which version of the conditions applies on a day.</summary>
    public string TermsOn(DateOnly day) => Terms.LastOrDefault(one => one.From <= day)?.Version ?? AgreementOn(day).Plan.Terms.Version;

    public ContractTimeline Timeline(WorkingCalendar calendar)
    {
        var end = EndOn(calendar);
        var periods = Plans.Select((one, at) => new PlanPeriod(one.From, Earlier(at + 1 < Plans.Length ? Plans[at + 1].From.AddDays(-1) : null, end), one.Text)).Where(one => one.Until is not { } until || until >= one.From);
        return new ContractTimeline(Start, end, [.. periods], [.. Suspensions.Select(one => new SuspensionPeriod(one.From, one.LiftedOn?.AddDays(-1))).Where(one => one.Until is not { } until || until >= one.From)]);

        static DateOnly? Earlier(DateOnly? one, DateOnly? other) => one is null || other < one ? other : one;
    }

    /// <exception cref="InvalidOperationException">The journal does not begin with a signature.</exception>
    public static Contract Of(IEnumerable<ContractEvent> journal)
    {
        Contract? contract = null;
        foreach (var one in journal)
            contract = contract is not null ? contract.With(one) : one is ContractMade made ? Of(made) : throw new InvalidOperationException("A contract's journal begins with how it was made.");
        return contract ?? throw new InvalidOperationException("The journal is empty.");
    }

    public static Contract Of(ContractMade made) => new()
    {
        Start = made.Start,
        Reference = made.Reference,
        Plans = [PlanAgreement.Of(made.Start, made.PlanText, made.Overrides, made.Start, made.Reference)],
        Prerequisites = made.Prerequisites,
    };

    /// <summary>As it is after something happened.</summary>
    public Contract With(ContractEvent happened) => happened switch
    {
        PlanChanged plan => this with
        {
            Plans = [.. Plans.Where(one => one.From < plan.From), PlanAgreement.Of(plan.From, plan.PlanText, plan.Overrides, plan.NewTerm ? plan.From : AgreementOn(plan.From).TermsFrom, plan.Reference)],
        },
        ProcessingAgreementKept kept => this with { ProcessingAgreement = kept },
        TermsPublished terms => this with { Terms = [.. Terms.Where(one => one.From != terms.From).Append(terms).OrderBy(one => one.From)] },
        NoticeReceived notice => this with { Notice = new(notice.On, notice.By, notice.Reference, null, null, null) },
        NoticeProcessed processed => this with { Notice = Notice! with { ProcessedOn = processed.On, EndsOn = processed.EndsOn } },
        NoticeWithdrawn withdrawn => this with { Withdrawn = Withdrawn.Add(Notice! with { WithdrawnOn = withdrawn.On }), Notice = null, Deletion = null, Export = null, Acts = [.. Acts.Select(one => one.Proposed.Act == ActKind.End ? one with { DroppedOn = withdrawn.On } : one)] },
        ChangeRequested asked => this with { Changes = Changes.Add(new(asked, null)) },
        ChangeClosed closed => this with { Changes = [.. Changes.Select(one => one.Asked.Number == closed.Number ? one with { Closed = closed } : one)] },
        SuspensionWarned warned => this with { Warning = warned },
        SuspensionCalledOff => this with { Warning = null },
        Suspended suspended => this with { Warning = null, Suspensions = Suspensions.Add(new(suspended.From, suspended.Retention, suspended.FrozenUntil, suspended.Why, null)) },
        FreezeDecided decided => this with
        {
            Suspensions = [.. Suspensions[..^1], Suspensions[^1] with { Retention = decided.FrozenUntil is null ? RetentionMeanwhile.Continue : RetentionMeanwhile.Freeze, FrozenUntil = decided.FrozenUntil }],
        },
        SuspensionLifted lifted => this with { Suspensions = [.. Suspensions[..^1], Suspensions[^1] with { LiftedOn = lifted.On }] },
        DeletionAgreed agreed => this with { Deletion = agreed },
        ExportConfirmed export => this with { Export = export },
        ActProposed proposed => this with { Acts = Acts.Add(new(proposed, null, null)) },
        ActConfirmed confirmed => this with { Acts = [.. Acts.Select(one => one.Proposed.Number == confirmed.Number ? one with { ConfirmedOn = confirmed.On } : one)] },
        ActDropped dropped => this with { Acts = [.. Acts.Select(one => one.Proposed.Number == dropped.Number ? one with { DroppedOn = dropped.On } : one)] },
        Contracts.Told told => this with { Told = Told.Add(told.Key) },
        DestructionOrdered ordered => this with { DestructionOrderedOn = ordered.On, Refused = null },
        DestructionRefused refused => this with { DestructionOrderedOn = null, Refused = refused },
        Contracts.Destroyed destroyed => this with { Destroyed = destroyed, Refused = null },
        ContractMade => throw new InvalidOperationException("A contract is made once."),
        var unknown => throw new InvalidOperationException($"Unknown event {unknown.GetType().Name}."),
    };
}

/// <summary>What was agreed from a day on.</summary>
/// <param name="Sold">The plan's document as it is sold.</param>
/// <param name="Text">The same with the deviations applied.</param>
/// <param name="TermsFrom">From when the terms count.</param>
/// <param name="Reference">Where the agreement is found.</param>
public sealed record PlanAgreement(DateOnly From, string Sold, ImmutableArray<PlanOverride> Overrides, string Text, DateOnly TermsFrom, string Reference)
{
    public ServicePlan Plan => new PlanPeriod(From, null, Text).Plan;

    /// <exception cref="PlanProblemException">A deviation makes no sense or lacks its written agreement.</exception>
    public static PlanAgreement Of(DateOnly from, string sold, ImmutableArray<PlanOverride> overrides, DateOnly termsFrom, string reference) =>
        new(from, sold, overrides, overrides.IsEmpty ? sold : PlanFile.Write(PlanOverride.Apply(PlanFile.Read(sold), overrides)), termsFrom, reference);
}

/// <summary>A notice of the customer.</summary>
/// <param name="EndsOn">Set when it is processed, as the customer was told.</param>
public sealed record CancellationNotice(DateOnly ReceivedOn, string By, string Reference, DateOnly? ProcessedOn, DateOnly? EndsOn, DateOnly? WithdrawnOn);

/// <param name="Closed">Null: it is open.</param>
public sealed record ChangeRequest(ChangeRequested Asked, ChangeClosed? Closed)
{
    public bool IsOverdue(DateOnly today) => Closed is null && Asked.Deadline < today;
}

/// <param name="FrozenUntil">The last day on which nothing expires unless a person decides again; null: points expire as ever.</param>
/// <param name="LiftedOn">The first day with backups again; null: it goes on.</param>
public sealed record Suspension(DateOnly From, RetentionMeanwhile Retention, DateOnly? FrozenUntil, string Why, DateOnly? LiftedOn);

/// <summary>Something that makes points unrecoverable, from the proposal on.</summary>
public sealed record ContractAct(ActProposed Proposed, DateOnly? ConfirmedOn, DateOnly? DroppedOn)
{
    public bool IsOpen => ConfirmedOn is null && DroppedOn is null;
}
